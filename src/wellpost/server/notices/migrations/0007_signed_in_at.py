from django.db import migrations, models


class Migration(migrations.Migration):
    """A browser's notices end with the sign-in in which they were asked for."""

    dependencies = [("notices", "0006_push")]

    operations = [
        migrations.AddField(
            model_name="pushbrowser",
            name="signed_in_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
