from collections import defaultdict
from itertools import batched

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

import servicedesk.models.words
from servicedesk.models.letter_words import words_of

BATCH = 1000


def write_down(apps, schema_editor):
    """What each letter that was there before is found by."""
    alias = schema_editor.connection.alias
    LetterWords = apps.get_model("servicedesk", "LetterWords")
    answers = apps.get_model("servicedesk", "Answer").objects.using(alias).exclude(folded="")
    letters = apps.get_model("servicedesk", "Letter").objects.using(alias).filter(anonymised_at=None)
    for batch in batched(letters.order_by("pk").iterator(BATCH), BATCH):
        texts = defaultdict(list)
        for letter, text in answers.filter(letter__in=batch).values_list("letter", "folded"):
            texts[letter].append(text)
        rows = [LetterWords(letter=letter, **words_of(letter, texts[letter.pk])) for letter in batch]
        LetterWords.objects.using(alias).bulk_create(rows)


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('servicedesk', '0025_morning_digest'),
    ]

    operations = [
        migrations.CreateModel(
            name='LetterWords',
            fields=[
                ('letter', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_words', serialize=False, to='servicedesk.letter')),
                ('subject', models.CharField(max_length=500)),
                ('vector', django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.RunPython(write_down, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='attachment',
            index=models.Index(condition=models.Q(('letter__isnull', False)), fields=['sha256'], name='files_of_letters'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=django.contrib.postgres.indexes.GinIndex(servicedesk.models.words.DigitParts('mobile'), condition=models.Q(('mobile__isnull', False)), name='citizens_by_digits'),
        ),
        migrations.AddIndex(
            model_name='letterwords',
            index=django.contrib.postgres.indexes.GinIndex(fields=['vector'], name='letters_by_word'),
        ),
        migrations.AddIndex(
            model_name='letterwords',
            index=models.Index(fields=['subject'], name='letters_by_subject'),
        ),
    ]
