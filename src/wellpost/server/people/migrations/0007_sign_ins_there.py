from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0006_resets_and_subjects")]

    operations = [
        migrations.AddField(
            model_name="signin",
            name=name,
            field=models.CharField(blank=True, db_index=True, default="", max_length=64),
        )
        for name in ("subject_there", "session_there")
    ]
