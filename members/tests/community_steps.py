"""Small steps that the tests of communities take: open a page as somebody, send a form, choose a file."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from members.factories_communities import PDF
from members.models import User


def client_of(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def page(user: User | None, name: str, /, *arguments: object, **query: object) -> HttpResponse:
    return client_of(user).get(reverse(name, args=arguments), query)


def send(user: User, name: str, /, *arguments: object, **data: object) -> HttpResponse:
    return client_of(user).post(reverse(name, args=arguments), data)


def pdf(name: str = "report.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
