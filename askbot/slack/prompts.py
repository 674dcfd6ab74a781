"""Questions to suggest about a page, made from the page itself."""

from __future__ import annotations

from collections import Counter

from askbot.discussion import Page
from askbot.showing import shortened
from askbot.text import names

MAX_PROMPTS = 4  # Slack shows no more


def suggested_prompts(page: Page) -> list[str]:
    """Up to four questions that the page can answer: its article, its people, its thread."""
    prompts: list[str] = []
    article = " ".join(page.text(p.id) for p in page.paragraphs)
    counted = Counter(n for n in names(article) if " " in n)
    for name, _ in counted.most_common(1):
        prompts.append(f"Who is {shortened(name, 60)}?")
    authors = Counter(c.author for c in page.comments if c.author and not c.is_empty)
    if authors:
        author, _ = authors.most_common(1)[0]
        prompts.append(f"What does {shortened(author, 60)} say?")
        prompts.append("Who commented most often?")
    replied = max(page.comments, key=lambda c: len(page.replies(c.id)), default=None)
    if replied is not None and page.replies(replied.id):
        prompts.append("Which comment got the most replies?")
    elif page.comments:
        prompts.append("How many comments are there?")
    return prompts[:MAX_PROMPTS]
