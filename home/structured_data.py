"""What machines read of a page (schema.org, JSON-LD): who the organisation is, where the page stands, its questions."""

import json

from django.conf import settings
from django.utils.html import escape, strip_tags
from django.utils.safestring import mark_safe
from django.utils.text import normalize_newlines
from wagtail.rich_text import get_text_for_indexing

from home import pictures
from home.models import HomePage, NewsPage, QuestionsPage
from home.neighbours import way_to
from servicedesk.models import ServicePage

# In a script element only these could end it or open a comment.
_UNSAFE = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def written(data):
    """``data`` as JSON that may stand inside a script element."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_UNSAFE))


def plain(rich_text):
    """Rich text as one line of plain text."""
    return " ".join(normalize_newlines(strip_tags(get_text_for_indexing(str(rich_text)))).split())


def of_page(page, site, desk, request):
    """The graphs of ``page``, a specific one: a list of schema.org objects."""
    graphs = []
    if isinstance(page, HomePage):
        graphs.append(organisation(site, desk))
    else:
        graphs.append(breadcrumb(page, request))
    if isinstance(page, NewsPage):
        graphs.append(news(page, site, desk, request))
    if isinstance(page, ServicePage):
        graphs.append(service(page, site, desk, request))
    questions = questions_of(page)
    if questions:
        graphs.append(faq(questions))
    return [{"@context": "https://schema.org", **graph} for graph in graphs]


def organisation(site, desk):
    """GovernmentOrganization with what the settings know; what is empty is left out."""
    address = {
        "@type": "PostalAddress",
        "streetAddress": site.in_language("address"),
        "postalCode": site.postal_code,
        "addressCountry": "IR",
    }
    graph = {
        "@type": "GovernmentOrganization",
        "@id": f"{settings.PUBLIC_URL}/#organisation",
        "name": desk.name,
        "url": f"{settings.PUBLIC_URL}/",
        "telephone": site.telephone,
        "email": site.email,
        "address": {key: value for key, value in address.items() if value} if site.in_language("address") else None,
        "logo": _logo(site.logo) if site.logo else None,
    }
    return {key: value for key, value in graph.items() if value}


def _logo(image):
    url = pictures.url_if_ready(image, pictures.fallback(image))
    return absolute(url) if url else None


def breadcrumb(page, request):
    """BreadcrumbList from the home page to ``page``."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": one.title, "item": one.get_full_url(request)}
            for place, one in enumerate(way_to(page, request), start=1)
        ],
    }


def news(page, site, desk, request):
    graph = {
        "@type": "NewsArticle",
        "headline": page.title[:110],
        "description": page.introduction,
        "datePublished": page.date.isoformat(),
        "dateModified": page.last_published_at.isoformat() if page.last_published_at else None,
        "mainEntityOfPage": page.get_full_url(request),
        "publisher": organisation(site, desk),
        "image": [absolute(url)] if (url := picture_url(page)) else None,
    }
    return {key: value for key, value in graph.items() if value}


def service(page, site, desk, request):
    graph = {
        "@type": "GovernmentService",
        "name": page.title,
        "description": page.summary,
        "url": page.get_full_url(request),
        "provider": organisation(site, desk),
    }
    if page.can_start:
        graph["availableChannel"] = {"@type": "ServiceChannel", "serviceUrl": absolute(page.start_url)}
    return graph


def questions_of(page):
    """[(question, answer in plain text)] of any page that holds questions."""
    if isinstance(page, QuestionsPage):
        return [(one.question, plain(one.answer)) for subject in page.by_subject() for one in subject.questions]
    found = []
    for block in getattr(page, "body", ()):
        if block.block_type == "questions":
            found += [(one["question"], plain(one["answer"])) for one in block.value["questions"]]
    return found


def faq(questions):
    return {
        "@type": "FAQPage",
        "mainEntity": [
            {"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": escape(answer)}}
            for question, answer in questions
        ],
    }


def picture_url(page):
    """The address of the picture that stands for ``page`` where it is shared, or "". Made for 1200 × 630."""
    for block in getattr(page, "picture", ()) or ():
        return pictures.url_if_ready(block.value, pictures.SHARED)
    return ""


def absolute(path):
    return path if path.startswith("http") else f"{settings.PUBLIC_URL}{path}"
