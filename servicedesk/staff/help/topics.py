"""The pages of the help. Buttons are named as they are labelled in the admin."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from servicedesk.roles import Act


@dataclass(frozen=True)
class Screen:
    """Where a topic leads to: one view of the admin. ``act``: it is for those only who may do this with letters."""

    label: Promise
    view: str
    arguments: tuple = ()
    act: Act | None = None


@dataclass(frozen=True)
class Topic:
    """One page: its question in a sentence, the steps, what to mind, and its Screens."""

    slug: str
    icon: str
    title: Promise
    summary: Promise
    steps: tuple
    notes: tuple = ()
    screens: tuple = field(default=())


PAGES = Screen(_("Pages"), "wagtailadmin_explore_root")
RULES = Screen(_("Rules of the desk"), "wagtailsettings:edit", ("servicedesk", "desksettings"))

TOPICS = (
    Topic(
        "making-a-page",
        "doc-empty-inverse",
        _("Making a page"),
        _("A new page stands below another one, and is seen by nobody until it is published."),
        (
            _("Open “Pages” and go to the page under which the new one shall stand."),
            _("Choose the plus sign beside its name, then the kind of page."),
            _("Write the title and fill the page with blocks."),
            _("Your draft saves itself while you write. The preview at the side shows what visitors will see."),
            _("Choose “Publish” in the menu of the save button, or send the page to review."),
        ),
        (_("Shown in the footer: switch on “Show in menus” on the tab “Promote”."),),
        (PAGES,),
    ),
    Topic(
        "blocks",
        "table",
        _("Blocks"),
        _("A page is built of blocks: text, steps, questions, notes, pictures."),
        (
            _("Choose the plus sign where the block shall stand; each kind shows a picture of itself."),
            _("Move a block with its arrows, copy it, or delete it with the bin."),
            _("Use headings from the block, never bold text instead of one: search and screen readers follow them."),
            _("The rules block of the guide is filled by the system; its figures are those of the form."),
        ),
        (_("One thought to a paragraph, and sentences of at most twenty words, are read to the end."),),
        (PAGES,),
    ),
    Topic(
        "forms",
        "form",
        _("Questions in a service"),
        _("Each service may ask its own questions, in sections and steps."),
        (
            _("Open the page of the service and its tab “The form”."),
            _("Choose the plus sign and “Section”; then, inside it, the plus sign and the kind of question."),
            _("Write the question as you would ask it at the counter; what helps to answer it belongs to “Help”."),
            _("Shall it be asked only sometimes? Open “When to ask it”, add a rule and choose an earlier question."),
            _("Try it out: in the preview choose “The form, as citizens see it”."),
            _("Mend what stands under “Before it can be published”, then publish it or send it to review."),
        ),
        (
            _("Letters that were sent keep the questions as they were; change them without fear."),
            _("What several services ask alike is written once, under “Shared questions”."),
        ),
        (PAGES,),
    ),
    Topic(
        "pictures",
        "image",
        _("Pictures and their descriptions"),
        _("Who cannot see a picture hears its description."),
        (
            _("Open “Images”, choose “Add an image” and give it a title that you will find again."),
            _("Draw a box around what matters: it stays in view when the picture is cut to fit."),
            _("In the page, describe what the picture tells the reader. “Picture of” is not needed."),
            _("A picture that tells nothing is marked as decorative."),
        ),
        (_("Pictures of people need their consent."), _("A document for download belongs to “Documents”.")),
        (Screen(_("Images"), "wagtailimages:index"), Screen(_("Documents"), "wagtaildocs:index")),
    ),
    Topic(
        "review",
        "tasks",
        _("Sending to review, and approving"),
        _("A second pair of eyes before the public sees a page."),
        (
            _("Editors: open the menu of the save button and send the page to review."),
            _("Reviewers: what waits for you stands on the first page of the admin."),
            _("Read the draft, then approve it, or request changes and say which."),
            _("An approved page is published at once, or at its scheduled time."),
        ),
        (_("While a page is in review only its reviewers can change it."),),
        (Screen(_("First page of the admin"), "wagtailadmin_home"), PAGES),
    ),
    Topic(
        "scheduling",
        "calendar-alt",
        _("Publishing at a set time"),
        _("A page can appear and disappear by itself."),
        (
            _("In the editor open the side panel “Status” and choose “Set schedule”."),
            _("Type when it appears and when it ends. Jalali dates such as 1405/09/04 are taken too."),
            _("Look at the date that is shown above the field: it is the Jalali day."),
            _("Save the schedule, then choose “Schedule to publish”."),
        ),
        (_("The times are those of Tehran."),),
        (PAGES,),
    ),
    Topic(
        "history",
        "history",
        _("Undoing: the history of a page"),
        _("Nothing that was saved is lost."),
        (
            _("Open the page and choose the clock at its top."),
            _("Compare two versions: what was taken away is red, what was added is green."),
            _("Review the version you want back, and replace the draft with it."),
            _("Publish. The version of today stays in the history, too."),
        ),
        (_("A deleted page does not come back. Rather take it from the site with “Unpublish”."),),
        (PAGES, Screen(_("Site history"), "wagtailadmin_reports:site_history")),
    ),
    Topic(
        "guide",
        "help",
        _("The help guide"),
        _("The guide is a page of numbered sections that citizens can link to."),
        (
            _("Each section has a title and an anchor, the end of its address. Leave the anchor as it is."),
            _("Sections are numbered by themselves; move them freely."),
            _("Size, kinds and lengths of files come from the rules of the desk, never from your text."),
            _("The date of the guide is that of its last publication."),
        ),
        (),
        (PAGES, RULES),
    ),
    Topic(
        "services",
        "form",
        _("Service pages"),
        _("A service page says what a service is, and opens the form for it."),
        (
            _("Make a page of the kind “Service” below the home page."),
            _("Say for whom it is, which documents it needs, the steps, the time and the cost."),
            _("Choose the units that receive its letters, and switch on “accepts letters”."),
            _("Publish. It stands in the desk and on the home page by itself."),
        ),
        (_("A service that has letters cannot be deleted. Unpublish it, and its letters stay."),),
        (PAGES,),
    ),
    Topic(
        "rules",
        "cogs",
        _("Settings and rules of the desk"),
        _("What a letter may be is set in one place; guide, form and errors follow at once."),
        (
            _("Open “Settings”, then the desk."),
            _("Set the largest file and the allowed kinds."),
            _("Look at the guide and the form: both already say the new rule."),
            _("Name, logo, colour and menus of the site have settings of their own."),
        ),
        (_("Letters that were sent before keep their files."),),
        (RULES, Screen(_("Settings of the site"), "wagtailsettings:edit", ("home", "sitesettings"))),
    ),
    Topic(
        "calendar",
        "calendar-alt",
        _("Working calendar and promised days"),
        _("From it the desk counts by which day an answer is promised."),
        (
            _("Open “Working calendar” in the menu, then “Holidays”: the official ones are there, year by year."),
            _("Correct an estimated holiday once its date is sure; take out a day on which you work."),
            _("Under “Weekly hours” say when all, or one unit, are open. Ramadan gets hours of its own."),
            _("Under “Closures” write down days on which one unit or all are closed out of turn."),
        ),
        (
            _("What comes after closing time counts from the next working day."),
            _("Letters that were sent before keep the day that they were promised."),
        ),
        (
            Screen(_("Holidays"), "holidays:index"),
            Screen(_("Weekly hours"), "weekly-hours:index"),
            Screen(_("Closures"), "closures:index"),
        ),
    ),
    Topic(
        "banner",
        "warning",
        _("The warning banner"),
        _("For what everybody must know today: the desk is closed, SMS come late."),
        (
            _("Open “Banners” in the menu and add one."),
            _("Write one sentence: what is wrong, and what people can do."),
            _("Set from when until when it is shown; it goes by itself."),
        ),
        (_("A banner that always stands is read by nobody."),),
        (Screen(_("Banners"), "banners:index"),),
    ),
    Topic(
        "contact",
        "group",
        _("Addresses and opening hours"),
        _("The contact page tells of each unit what is written here."),
        (
            _("Open “Organisational units” in the menu, then the unit."),
            _("Change address, telephone and opening hours, and save. The contact page follows at once."),
            _("The English pages show the texts in English; where one is left empty, the Persian one."),
            _("Those of the organisation itself: “Settings”, “Site”, on the tab “Organisation”."),
        ),
        (_("Who belongs to a unit, and whether it gets letters, is decided by the administrator."),),
        (
            Screen(_("Organisational units"), "units:index"),
            Screen(_("Settings of the site"), "wagtailsettings:edit", ("home", "sitesettings")),
        ),
    ),
    Topic(
        "languages",
        "globe",
        _("Languages and translations"),
        _("Each page has its own counterpart in the other language."),
        (
            _("Open the menu of a page and choose “Translate”."),
            _("A draft in the other language appears with the text of the first: translate it and publish."),
            _("The language switch of the site leads to it as soon as it is published."),
        ),
        (_("A later change of one language does not change the other: look at both."),),
        (PAGES,),
    ),
    Topic(
        "redirects",
        "redirect",
        _("Redirects"),
        _("An old address keeps working."),
        (
            _("Open “Settings”, then “Redirects”, and add one."),
            _("Write the old address without the name of the site, such as /old-page."),
            _("Choose the page where it leads."),
        ),
        (_("A published page whose slug you change, or that you move, is found at its old address by itself."),),
        (Screen(_("Redirects"), "wagtailredirects:index"),),
    ),
    Topic(
        "clerks",
        "mail",
        _("What a clerk does"),
        _("From the inbox to the answer."),
        (
            _("Open “Staff desk”: the letters of your units, late ones first, then those that are due next."),
            _("Open a letter, look at its file and its timeline, and take it, so that colleagues see it is yours."),
            _("Answer: the final answer turns the letter green; an interim answer leaves it in review."),
            _("Something is missing? Ask the citizen for more: the letter waits, and the promised day rests."),
            _("A letter for another unit is forwarded with a reason."),
            _("A note is read by the staff only."),
        ),
        (
            _("The citizen gets an SMS with each answer. Every look at a letter is written down."),
            _("What you type as an answer is kept by itself, and stands there again in any browser."),
        ),
        (Screen(_("Staff desk"), "staff:inbox"),),
    ),
    Topic(
        "many-letters",
        "list-ul",
        _("Many letters, few minutes"),
        _("Tabs, filters, saved texts, keys."),
        (
            _("Choose a tab: overdue, today, this week, without anybody, or yours."),
            _("Narrow it by service, person, days or answers, and keep the filter under a name."),
            _("Tick several letters, and give, forward, note, ask or close them together."),
            _("In the answer box press / for a saved text; it comes with name and code filled in."),
            _("Press ? for the list of keys: j and k go from letter to letter, r answers."),
        ),
        (_("Before many letters are asked or closed, you read how many people get an SMS."),),
        (Screen(_("Staff desk"), "staff:inbox"), Screen(_("Saved texts"), "staff:saved-texts", act=Act.ANSWER)),
    ),
    Topic(
        "reports",
        "list-ol",
        _("Where does it hurt?"),
        _("How many letters, how long they take, and who has which."),
        (
            _("Open “Reports”, then “Reports on letters”."),
            _("Choose a usual span, or write two days; tick units, if you want some only."),
            _("Read each number beside the one of the span before, which stands below it or in brackets."),
            _("Look at the bars: the longest one has the most open letters, and what is red in it is overdue."),
            _("Print it, or fetch it as CSV or XLSX; both hold the same numbers."),
        ),
        (
            _("The median is what half of the letters stay below, the 90th percentile what nine of ten stay below."),
            _("Clerks are told apart for heads of their unit only."),
        ),
        (Screen(_("Reports on letters"), "staff:reports", act=Act.READ),),
    ),
)
