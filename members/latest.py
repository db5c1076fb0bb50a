"""What is new for whoever comes to a front page."""

from dataclasses import dataclass

from members.models import Article, Vacancy


@dataclass(frozen=True)
class Latest:
    """The newest news, without their text, and how many jobs and roles are open."""

    news: list[Article]
    open_vacancies: int


def latest(count: int = 3) -> Latest:
    """Two queries."""
    news = Article.objects.published().news().defer("text", "html")[:count]
    return Latest(news=list(news), open_vacancies=Vacancy.objects.open().count())
