"""The archive: a tar, sealed where there is a key.

header.json        what it is, its migrations, the columns of each table
tables/NAME/NNN    a piece of the table's rows
objects/AREA/KEY   a file
index/NNN          size and SHA-256 of the files since the index before
manifest.json      rows and SHA-256 of each table, counts of the files; without it the archive is cut short

Everything streams: neither writing nor reading holds more than a few files.
"""

import io
import json
import tarfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256

from servicedesk.backup.objects import AREAS, Fetched, Place
from servicedesk.backup.refusals import BackupRefused, Damaged
from servicedesk.backup.sealing import MAGIC, SealedReader, SealedWriter

FORMAT = 1
PIECE = 4 << 20  # bytes of a table in one member
INDEXED = 500  # files between two indexes
LARGEST = 64 << 20  # bytes of a member that is read at once; of ours none comes near
CONTENT_TYPE = "SERVICEDESK.content-type"


class ArchiveWriter:
    """Writes an archive from the first member to the last. ``target`` is a binary file."""

    def __init__(self, target, passphrase):
        self._sealed = SealedWriter(target, passphrase) if passphrase else None
        self._tar = tarfile.TarFile.open(fileobj=self._sealed or target, mode="w|", format=tarfile.PAX_FORMAT)
        self._tables, self._index, self._indexes = {}, [], 0
        self.objects, self.bytes, self._all = 0, 0, sha256()

    def header(self, **details):
        self._add_json("header.json", {"format": FORMAT, **details})

    def table(self, name, rows):
        """Writes a table from its rows (bytes) and gives how many there were."""
        seen, count, piece, number = sha256(), 0, io.BytesIO(), 0
        for row in rows:
            # In COPY's text format a line break inside a value is written as \n, so lines are rows.
            count += row.count(b"\n")
            seen.update(row)
            piece.write(row)
            if piece.tell() >= PIECE:
                self._add(f"tables/{name}/{number:06d}", piece.getvalue())
                piece, number = io.BytesIO(), number + 1
        self._add(f"tables/{name}/{number:06d}", piece.getvalue())
        self._tables[name] = {"rows": count, "sha256": seen.hexdigest()}
        return count

    def object(self, fetched):
        """Writes a file (objects.Fetched)."""
        hashed = _Hashed(fetched.content)
        member = tarfile.TarInfo(f"objects/{fetched.place.area}/{fetched.place.key}")
        member.size, member.pax_headers = fetched.size, {CONTENT_TYPE: fetched.content_type}
        try:
            self._tar.addfile(member, hashed)
        except OSError as error:
            raise BackupRefused("A file of the store ended before its time; try again.") from error
        self._tar.members.clear()
        self._index.append([fetched.place.area, fetched.place.key, fetched.size, hashed.sha256])
        self.objects, self.bytes = self.objects + 1, self.bytes + fetched.size
        if len(self._index) >= INDEXED:
            self._write_index()

    def finish(self, **details):
        """Writes the last members and gives the manifest. Without this call the archive is worth nothing."""
        self._write_index()
        manifest = {
            "tables": self._tables,
            "objects": {"count": self.objects, "bytes": self.bytes, "sha256": self._all.hexdigest()},
            **details,
        }
        self._add_json("manifest.json", manifest)
        self._tar.close()
        if self._sealed:
            self._sealed.finish()
        return manifest

    def _write_index(self):
        if self._index:
            content = json.dumps(self._index, ensure_ascii=False).encode()
            self._all.update(content)
            self._add(f"index/{self._indexes:06d}", content)
            self._index, self._indexes = [], self._indexes + 1

    def _add_json(self, name, value):
        self._add(name, json.dumps(value, ensure_ascii=False).encode())

    def _add(self, name, content):
        member = tarfile.TarInfo(name)
        member.size = len(content)
        self._tar.addfile(member, io.BytesIO(content))
        # tarfile remembers each member; of a million files that would be a gigabyte.
        self._tar.members.clear()


@dataclass
class Contents:
    """What was read so far of an archive; complete and proved when ``manifest`` is there."""

    header: dict = field(default_factory=dict)
    manifest: dict | None = None
    tables: dict = field(default_factory=dict)
    objects: int = 0
    bytes: int = 0


class ArchiveReader:
    """Reads an archive once, from the first member to the last, and checks everything against its hashes.

    ``contents`` grows meanwhile. Raises Damaged, WrongKey or BackupRefused.
    """

    def __init__(self, source, passphrase):
        self._source, self._passphrase = source, passphrase
        self.contents, self._index, self._all = Contents(), [], sha256()

    def parts(self):
        """("header", dict), ("table", (name, bytes)), ("object", Fetched) and at last ("manifest", dict).

        A file must be read before the next part is asked for; what was left of it is read here.
        """
        with _damage_in_words():
            yield from self._checked_parts()
        if self.contents.manifest is None:
            raise Damaged("The archive is cut short.")

    def _checked_parts(self):
        stream = _unsealed(self._source, self._passphrase)
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                tar.members.clear()
                if self.contents.manifest is not None:
                    raise Damaged("Something was added to the archive.")
                area, _, rest = member.name.partition("/")
                if not member.isreg() or (area != "objects" and member.size > LARGEST):
                    raise Damaged("The archive holds something that no archive of the service desk does.")
                content = tar.extractfile(member)
                if not self.contents.header and area != "header.json":
                    raise Damaged("This is no archive of the service desk.")
                match area:
                    case "header.json":
                        yield "header", self._read_header(content)
                    case "tables":
                        yield "table", self._read_table(rest.partition("/")[0], content)
                    case "objects":
                        yield from self._read_object(member, rest, content)
                    case "index":
                        self._check_index(content.read())
                    case "manifest.json":
                        yield "manifest", self._read_manifest(content)
        # tar stops at its end mark; what stands behind it is proved as well.
        while rest := stream.read(PIECE):
            if rest.strip(b"\0"):
                raise Damaged("Something was added to the archive.")

    def _read_header(self, content):
        header = json.load(content)
        if not isinstance(header, dict):
            raise Damaged("This is no archive of the service desk.")
        self.contents.header = header
        if self.contents.header.get("format") != FORMAT:
            raise BackupRefused("The archive has a form that this release does not know.")
        return self.contents.header

    def _read_table(self, name, content):
        piece = content.read()
        seen = self.contents.tables.setdefault(name, {"rows": 0, "sha256": sha256()})
        seen["rows"] += piece.count(b"\n")
        seen["sha256"].update(piece)
        return name, piece

    def _read_object(self, member, rest, content):
        area, _, key = rest.partition("/")
        if area not in AREAS:
            raise Damaged("The archive holds a file that belongs nowhere.")
        hashed = _Hashed(content)
        content_type = member.pax_headers.get(CONTENT_TYPE, "")
        yield "object", Fetched(Place(area, key), member.size, content_type, hashed)
        hashed.read_rest()
        self._index.append([area, key, member.size, hashed.sha256])
        self.contents.objects += 1
        self.contents.bytes += member.size

    def _check_index(self, content):
        self._all.update(content)
        if json.loads(content) != self._index:
            raise Damaged("A file of the archive was changed.")
        self._index = []

    def _read_manifest(self, content):
        manifest, contents = json.load(content), self.contents
        tables = {name: {**seen, "sha256": seen["sha256"].hexdigest()} for name, seen in contents.tables.items()}
        objects = {"count": contents.objects, "bytes": contents.bytes, "sha256": self._all.hexdigest()}
        if self._index or tables != manifest["tables"] or objects != manifest["objects"]:
            raise Damaged("The archive does not hold what its manifest says.")
        contents.manifest = manifest
        return manifest


def _unsealed(source, passphrase):
    start = source.read(len(MAGIC))
    source.seek(0)
    if start == MAGIC:
        return io.BufferedReader(SealedReader(source, passphrase), 1 << 20)
    if passphrase:
        # Else whoever can write into the folder of the backups could put one of his own there.
        raise BackupRefused("BACKUP_KEY is set, but this archive is not sealed with it. Empty BACKUP_KEY to trust it.")
    return source


@contextmanager
def _damage_in_words():
    try:
        yield
    except (tarfile.TarError, EOFError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Damaged("The archive was changed or is cut short, or is no archive at all.") from error


class _Hashed:
    """A readable file whose bytes are hashed as they go by."""

    def __init__(self, content):
        self._content, self._seen = content, sha256()

    def read(self, size=-1):
        data = self._content.read(size)
        self._seen.update(data)
        return data

    def read_rest(self):
        while self.read(1 << 16):
            pass

    @property
    def sha256(self):
        return self._seen.hexdigest()
