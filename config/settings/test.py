"""Settings of the test suite: its own cluster and database, never the data of a demo."""

import os

from config.database import database_settings
from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR

TEST_DATA_DIR = BASE_DIR / ".var" / "test-postgres"
DATABASES = {"default": database_settings(os.environ, data_dir=TEST_DATA_DIR, role="owner")}
DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["TEST"] = {"NAME": f"test_loanbook_{os.environ.get('LOANBOOK_TEST_SUFFIX', 'suite')}"}

SECRET_KEY = "only-for-tests"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOANBOOK_NUDGE = "none"
AXES_ENABLED = False
ALLOWED_HOSTS = ["*"]
