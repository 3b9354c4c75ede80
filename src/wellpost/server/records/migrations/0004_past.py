from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0003_sections_and_holds"),
    ]

    operations = [
        migrations.AddField(
            model_name="resource",
            name="past",
            field=models.BooleanField(default=False),
        ),
    ]
