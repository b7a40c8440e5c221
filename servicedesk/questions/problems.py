"""What would make a form useless to citizens: found before it is published, said to the editor with the names in it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from servicedesk.persian import in_language
from servicedesk.questions.conditions import WITHOUT_VALUE
from servicedesk.questions.form_blocks import MOST_QUESTIONS
from servicedesk.questions.register import type_of


def problems_of(outline):
    """Sentences about the questions, in the order of the form; none where it may be published."""
    found = []
    if len(outline.questions) > MOST_QUESTIONS:
        found.append(
            _("A form may have at most %(most)s questions; this has %(count)s.")
            % {"most": in_language(MOST_QUESTIONS), "count": in_language(len(outline.questions))}
        )
    found += _of_shared_sets(outline)
    for question in outline.questions:
        found += [f"{named(question)}: {sentence}" for sentence in type_of(question).problems(question)]
    for step in outline.steps:
        if len(outline.steps) > 1 and step != outline.steps[0] and not step.questions:
            found.append(_("The step “%(step)s” has no question.") % {"step": step.title})
    loops = _loops(outline)
    found += [
        _("These conditions wait for each other, so that none of the questions would ever be asked: %(loop)s")
        % {"loop": " ← ".join(named(outline.by_id[each]) for each in loop)}
        for loop in loops
    ]
    in_loops = {each for loop in loops for each in loop}
    return found + [
        sentence for owner, rule in _rules(outline) for sentence in _of_rule(outline, owner, rule, in_loops)
    ]


def routing_problems(outline, units):
    """Sentences about routes that would leave letters without a unit, or units without letters. ``units``: {primary
    key: Unit}, of all units."""
    found = []
    for number, route in enumerate(outline.routes, 1):
        unit, is_last = units.get(route.unit), number == len(outline.routes)
        if unit is None:
            found.append(_("A unit that letters were to go to is gone. Choose another one."))
        elif not unit.is_active:
            found.append(_("The unit “%(unit)s” receives no letters.") % {"unit": unit})
        if not (route.condition or is_last):
            found.append(
                _("The unit “%(unit)s” would get all letters, and those below it none. Move it to the end.")
                % {"unit": unit or "؟"}
            )
        for rule in route.condition.rules:
            found += _of_comparison(outline, f"«{unit or '؟'}»", rule)
    if outline.routes and outline.routes[-1].condition:
        found.append(_("Choose the unit that gets all other letters: one without a condition, at the end."))
    return found


def _of_shared_sets(outline):
    """Those that are not published, and those that stand in the form twice: a question can be answered once."""
    seen = set()
    for section in (section for step in outline.steps for section in step.sections):
        ids = {question.id for question in section.questions}
        if section.is_missing:
            yield _("The shared question set “%(set)s” is not published.") % {"set": section.title or "؟"}
        elif ids & seen:
            yield _("The questions of “%(set)s” stand in this form twice.") % {"set": section.title}
        seen |= ids


def named(question):
    # In a draft it may have no words yet.
    return f"«{question.label or type_of(question).label}»"


def _rules(outline):
    """(the question that a rule decides about, the rule), each once: a section's stand with its first question."""
    for step in outline.steps:
        for section in step.sections:
            for number, question in enumerate(section.questions):
                rules = (section.condition.rules if number == 0 else ()) + question.condition.rules
                yield from ((question, rule) for rule in rules)


def _of_rule(outline, owner, rule, in_loops):
    asked = outline.by_id.get(rule.question)
    order = [question.id for question in outline.questions]
    if asked and order.index(asked.id) >= order.index(owner.id) and not {asked.id, owner.id} <= in_loops:
        names = {"question": named(owner), "asked": named(asked)}
        yield _("%(question)s depends on %(asked)s, which comes later. Move it below.") % names
    yield from _of_comparison(outline, named(owner), rule)


def _of_comparison(outline, owner, rule):
    """Whether a rule asks what can be asked. ``owner``: the name of what it decides about."""
    asked = outline.by_id.get(rule.question)
    if asked is None:
        yield _("The condition of %(question)s asks about a question that is not in this form.") % {"question": owner}
        return
    names = {"question": owner, "asked": named(asked)}
    kind = type_of(asked)
    if rule.operator not in kind.operators:
        yield _("The condition of %(question)s compares %(asked)s in a way that it does not have.") % names
    elif rule.operator not in WITHOUT_VALUE:
        try:
            kind.rule_value(asked, rule.value)
        except ValidationError as refusal:
            said = _("The condition of %(question)s compares %(asked)s with what can never be its answer.") % names
            yield " ".join([said, *refusal.messages])


def _loops(outline):
    """Each way of conditions that leads back to where it began, as [id, …, the first id again]."""
    asks = {
        question.id: [
            each
            for condition in outline.conditions[question.id]
            for each in condition.questions
            if each in outline.by_id
        ]
        for question in outline.questions
    }
    loops, done = [], set()
    for start in asks:
        # Depth first without recursion: a chain may be as long as the form.
        way, left = [start], [iter(asks[start] if start not in done else ())]
        while left:
            following = next(left[-1], None)
            if following is None:
                done.add(way.pop())
                left.pop()
            elif following in way:
                loops.append([*way[way.index(following) :], following])
            elif following not in done:
                way.append(following)
                left.append(iter(asks[following]))
    return loops
