import re

import django.contrib.postgres.indexes
from django.db import migrations, models

import servicedesk.models.words

LONGEST_WORD = 100


def take_apart(apps, schema_editor):
    """The words of what was folded before, none longer than the index takes."""
    answers = apps.get_model("servicedesk", "Answer").objects.using(schema_editor.connection.alias)
    for answer in answers.exclude(folded="").only("folded").iterator(1000):
        words = " ".join(word[:LONGEST_WORD] for word in re.findall(r"\w+", answer.folded))
        if words != answer.folded:
            answers.filter(pk=answer.pk).update(folded=words)


class Migration(migrations.Migration):

    dependencies = [
        ("servicedesk", "0016_question_sets"),
    ]

    operations = [
        migrations.RunPython(take_apart, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="answer",
            index=django.contrib.postgres.indexes.GinIndex(
                servicedesk.models.words.FoldedWords("folded"),
                condition=models.Q(("folded", ""), _negated=True),
                name="answers_by_word",
            ),
        ),
    ]
