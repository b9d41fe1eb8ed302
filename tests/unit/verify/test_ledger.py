"""A page's fate follows from what stands on the topics."""

from __future__ import annotations

from streams.verify import Ledger, Report
from streams.verify.expected import ExpectedEvents, ExpectedPage

CODER = "1+a"
P0, P1, P2 = "pages.raw/3/10", "pages.raw/3/11", "pages.raw/3/12"


class Book:
    """A ledger with one page, its document and its two events, each of which a test may leave out."""

    def __init__(self, *, coder: str = CODER, remembers: bool = False) -> None:
        self.ledger = Ledger(coder_version=coder, remembers=remembers)

    def page(self, lineage: str = P1, *documents: str, site: str = "a.example") -> Book:
        self.ledger.add_page(lineage, ExpectedPage(site, documents or ("d",)))
        return self

    def document(
        self, lineage: str = P1, name: str = "d", *, site: str = "a.example", finished: bool = True
    ) -> Book:
        self.ledger.add_document(lineage, name, site=site, finished=finished)
        return self

    def enriched(self, lineage: str = P1, name: str = "d", *, error: str = "", finished: bool = True) -> Book:
        events = () if error else ((f"{name}1", b"x"), (f"{name}2", b"y"))
        self.ledger.add_enriched(lineage, name, ExpectedEvents(events, error), finished=finished)
        return self

    def event(
        self,
        event_id: str,
        value: bytes,
        lineage: str = P1,
        *,
        place: str = "events.trade/0",
        coder: str = CODER,
    ) -> Book:
        self.ledger.add_event(lineage, event_id, document_id="d", place=place, value=value, coder=coder)
        return self

    def events(self) -> Book:
        return self.event("d1", b"x").event("d2", b"y")

    def whole(self) -> Book:
        return self.page().document().enriched().events()

    def report(self) -> Report:
        return self.ledger.report()


def fates(report: Report) -> dict[str, int]:
    names = ("processed", "seen", "dead_lettered", "waiting", "lost")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def test_a_page_with_all_its_events_is_processed() -> None:
    report = Book().whole().report()
    assert fates(report) == {"processed": 1}
    assert report.holds
    assert (report.documents, report.events, report.doubled, report.unexplained) == (1, 2, 0, 0)


def test_nothing_at_all_holds() -> None:
    assert Book().report().holds


def test_a_page_whose_documents_an_earlier_page_emitted_is_seen() -> None:
    assert fates(Book().whole().page(P2).report()) == {"processed": 1, "seen": 1}


def test_a_page_whose_documents_only_a_later_page_emitted_was_passed_over() -> None:
    report = Book().whole().page(P0).report()
    assert fates(report) == {"processed": 1, "lost": 1}
    assert not report.holds
    assert [(loss.page, loss.stage, loss.id) for loss in report.losses] == [(P0, "parse", "d")]


def test_another_site_or_partition_does_not_count_as_seen() -> None:
    assert fates(Book().whole().page(P2, site="b.example").report()) == {"processed": 1, "lost": 1}
    assert fates(Book().whole().page("pages.raw/4/99").report()) == {"processed": 1, "lost": 1}


def test_the_seen_table_stands_for_documents_that_have_left_their_topic() -> None:
    for remembers, fate in ((True, "seen"), (False, "lost")):
        book = Book(remembers=remembers).page()
        book.ledger.add_seen(3, "a.example|d")
        assert fates(book.report()) == {fate: 1}


def test_what_is_missing_is_lost_where_it_was_finished_and_waits_where_not() -> None:
    for finished, fate in ((True, "lost"), (False, "waiting")):
        assert fates(Book().page().document(finished=finished).report()) == {fate: 1}
        part = Book().page().document().enriched(finished=finished).event("d1", b"x")
        assert fates(part.report()) == {fate: 1}


def test_a_page_that_the_group_has_not_finished_waits() -> None:
    book = Book()
    book.ledger.add_page(P1, None)
    assert fates(book.report()) == {"waiting": 1}
    assert book.report().holds


def test_dead_letters_of_each_stage_account_for_their_page() -> None:
    page = Book()
    page.ledger.add_page(P1, None)
    page.ledger.add_letter("parse", P1)
    enrich = Book().page().document()
    enrich.ledger.add_letter("enrich", P1, "d")
    classify = Book().page().document().enriched(error="Unexpected: a bug")
    classify.ledger.add_letter("classify", P1, "d")
    for book in (page, enrich, classify):
        assert fates(book.report()) == {"dead_lettered": 1}
        assert book.report().holds


def test_a_failure_without_its_dead_letter_is_a_loss() -> None:
    book = Book()
    book.ledger.add_page(P1, ExpectedPage(error="InvalidPage: empty"))
    assert fates(book.report()) == {"lost": 1}
    assert fates(Book().page().document().enriched(error="Unexpected: a bug").report()) == {"lost": 1}


def test_a_letter_of_another_document_accounts_for_nothing() -> None:
    book = Book().page().document()
    book.ledger.add_letter("enrich", P1, "other")
    book.ledger.add_letter("enrich", P2, "d")
    assert fates(book.report()) == {"lost": 1}


def test_repeats_are_counted_and_harmless() -> None:
    report = Book().whole().document().enriched().events().report()
    assert report.holds
    assert report.repeats == {"documents": 1, "documents.enriched": 1, "events": 2}


def test_an_id_in_two_partitions_is_doubled() -> None:
    report = Book().whole().event("d1", b"x", place="events.trade/1").report()
    assert (report.doubled, report.holds) == (1, False)
    assert "events.trade/0 and events.trade/1" in report.doubles[0].why


def test_other_bytes_for_the_same_page_are_doubled() -> None:
    assert Book().whole().event("d1", b"other").report().doubled == 1
    changed = Book().page().document().enriched().event("d1", b"other").event("d2", b"y")
    assert changed.report().doubled == 1


def test_the_same_event_from_two_pages_is_no_double() -> None:
    book = Book().whole().page(P2, site="b.example").document(P2, site="b.example").enriched(P2)
    book = book.event("d1", b"z", P2).event("d2", b"w", P2)
    # What stands under each page is compared with what that page gives.
    assert book.report().doubled == 2
    same = Book().whole().page(P2, site="b.example").document(P2, site="b.example").enriched(P2)
    assert same.event("d1", b"x", P2).event("d2", b"y", P2).report().holds


def test_events_of_another_coder_are_neither_lost_nor_doubled() -> None:
    book = Book(coder="2+b").page().document().enriched().event("d1", b"q").event("e9", b"r")
    report = book.report()
    assert report.holds
    assert report.coder_versions == [CODER, "2+b"]


def test_losses_of_pages_that_left_the_topic_are_found() -> None:
    report = Book().document("pages.raw/3/1").report()
    assert (report.pages, report.lost_earlier, report.holds) == (0, 1, False)


def test_an_event_without_its_document_is_unexplained() -> None:
    report = Book().event("d1", b"x").report()
    assert (report.unexplained, report.holds) == (1, True)


def test_examples_are_bounded_and_counts_are_not() -> None:
    book = Book()
    for number in range(300):
        book.page(f"pages.raw/0/{number}", f"d{number}")
    report = book.report()
    assert (report.lost, len(report.losses)) == (300, 100)
