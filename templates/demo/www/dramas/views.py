from datetime import date

from django.db import DatabaseError
from django.http import JsonResponse
from django.shortcuts import render

from dramas.models import Drama
from dramas.repertoire import Choice, coming, countries, next_bill


def index(request):
    choice, today = Choice.of(request.GET), date.today()
    page = {
        "choice": choice,
        "dramas": list(choice.dramas()),
        "genres": choice.genres(),
        "countries": countries(),
        "bill": [] if choice else next_bill(today),
        "today": today,
    }
    return render(request, "index.html", page)


def drama(request, id):
    found = Drama.objects.filter(id=id).first()
    if found is None:
        return not_found(request)
    page = {
        "drama": found,
        "performances": coming(found, date.today(), limit=6),
        "earlier": Drama.objects.filter(id=id - 1).first(),
        "later": Drama.objects.filter(id=id + 1).first(),
    }
    return render(request, "drama.html", page)


def healthz(request):
    """200 when the database answers a real query and has its fixtures."""
    try:
        count = Drama.objects.count()
    except DatabaseError as error:
        return JsonResponse({"status": "no database", "error": str(error)}, status=503)
    return JsonResponse({"status": "ok" if count else "no fixtures", "dramas": count}, status=200 if count else 503)


def not_found(request):
    return render(request, "not_found.html", status=404)
