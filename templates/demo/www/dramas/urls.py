from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import path, re_path

from dramas import views

urlpatterns = [
    path("", views.index, name="index"),
    path("drama/<int:id>", views.drama, name="drama"),
    path("healthz", views.healthz, name="healthz"),
    *staticfiles_urlpatterns(),
    re_path("", views.not_found),
]
