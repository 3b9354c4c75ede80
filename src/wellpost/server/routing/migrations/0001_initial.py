from django.conf import settings
from django.db import migrations

from ._more_tables import SECOND
from ._tables import FIRST


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("messaging", "0005_thread_threads_by_state"),
        ("people", "0003_emergency_access"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [*FIRST, *SECOND]
