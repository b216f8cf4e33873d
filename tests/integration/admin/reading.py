"""Reading a page of the admin in a test."""

from __future__ import annotations


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def section(answer, title):
    return next(one.content for one in answer.context["sections"] if one.title == title)
