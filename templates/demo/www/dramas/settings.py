"""For development: everything that differs between two machines comes from the environment."""

import os
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent

DEBUG = True
SECRET_KEY = "nothing is signed here"
ALLOWED_HOSTS = ["*"]  # the engine publishes the port on this computer only, under any name that it has
ROOT_URLCONF = "dramas.urls"
HOUSE = os.environ.get("HOUSE", "The Playhouse")

INSTALLED_APPS = ["django.contrib.staticfiles", "dramas"]
MIDDLEWARE = [
    "dramas.middleware.request_log",
    "dramas.middleware.fresh_pages",
    "dramas.middleware.DatabaseAway",
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.mysql",
        "HOST": os.environ.get("DB_HOST", "mysql"),
        "NAME": os.environ.get("DB_NAME", "dramas"),
        "USER": os.environ.get("DB_USER", "dramas"),
        "PASSWORD": os.environ.get("DB_PASSWORD", ""),
        # a connection per request: when MySQL was restarted, the next request works
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"charset": "utf8mb4", "connect_timeout": 3},
    }
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "OPTIONS": {
            # read at every request, never cached: a saved template shows on reload
            "loaders": ["django.template.loaders.filesystem.Loader"],
            "context_processors": ["dramas.backstage.backstage"],
        },
    }
]

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE / "static"]
USE_I18N = False
USE_TZ = False
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"bare": {"format": "%(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "bare"},
        # watched: the file may be deleted or rotated from the other side of the mount
        "file": {
            "class": "logging.handlers.WatchedFileHandler",
            "filename": os.environ.get("REQUEST_LOG", "/var/log/www.log"),
            "formatter": "bare",
            "encoding": "utf-8",
            "delay": True,
        },
    },
    "loggers": {
        "requests": {"handlers": ["console", "file"], "level": "INFO", "propagate": False},
        # what it has to say about a status is in the request's own line
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}
