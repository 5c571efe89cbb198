"""The tables of the store: what is kept, under which names. Only the store and the repositories use them.

States are texts, money is integer fen, days are ISO texts (`YYYY-MM-DD`), instants are UTC texts of one length;
texts sort as dates do and read the same on SQLite and PostgreSQL. What is append-only is guarded by triggers
(`migrations/`): entry, tally, anchor, document, personal values excepted.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import BigInteger, Column, Index, Integer, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

SCHEMA_VERSION = "0007"
APPEND_ONLY = ("entry", "tally", "anchor", "document")


class CaseRow(SQLModel, table=True):
    """The present face of a case: a projection of its book, kept for reading and re-derivable from it."""

    __tablename__: ClassVar[str] = "case_file"
    __table_args__ = (Index("case_file_unit_state", "unit", "state"), Index("case_file_parent", "parent"))
    case_no: str = Field(primary_key=True)
    workflow: str
    definition: str
    state: str
    ended: int  # 1 when the state is an end of the workflow
    version: int
    unit: str
    title: str
    holders: str  # JSON list of staff names
    facts: str = Field(sa_column=Column(Text, nullable=False))  # JSON: the latest answers
    trail: str = Field(sa_column=Column(Text, nullable=False))  # JSON: the steps taken, in order, without texts
    parent: str | None = None
    opened_on: str
    last_on: str
    last_at: str | None = None  # the minute of the last step where the law counts hours
    recorded_at: str
    head_seq: int
    head_hash: str


class PartyRow(SQLModel, table=True):
    """A party of a case (the respondent). Where each stands follows from the trail of the case."""

    __tablename__: ClassVar[str] = "party"
    __table_args__ = (Index("party_name_part", "name", "part"), Index("party_respondent", "respondent"))
    case_no: str = Field(primary_key=True, foreign_key="case_file.case_no")
    party_no: int = Field(primary_key=True)
    part: str
    kind: str
    name: str
    joined_seq: int  # the entry of the case's book that made it a party
    respondent: str | None = None  # id of the person or unit behind the name, where it is known


class RespondentRow(SQLModel, table=True):
    """A person or unit that is a party of cases: one row however many cases it has."""

    __tablename__: ClassVar[str] = "respondent"
    __table_args__ = (
        Index("respondent_number", "number"),
        Index("respondent_name", "name"),
        Index("respondent_same_as", "same_as"),
    )
    id: str = Field(primary_key=True)
    kind: str
    name: str
    number: str | None = None  # credit code or identity number, checked
    ended_on: str | None = None  # dissolved or died
    same_as: str | None = None  # the one that it turned out to be
    recorded_at: str
    head_seq: int
    head_hash: str


class RespondentAliasRow(SQLModel, table=True):
    """Another name of a respondent: a former name, a shop, an account."""

    __tablename__: ClassVar[str] = "respondent_alias"
    __table_args__ = (Index("respondent_alias_name", "name"),)
    respondent: str = Field(primary_key=True, foreign_key="respondent.id")
    name: str = Field(primary_key=True)


class CaseWorkRow(SQLModel, table=True):
    """A work that a case is about, under the form of its title by which works are compared."""

    __tablename__: ClassVar[str] = "case_work"
    __table_args__ = (Index("case_work_work", "work"),)
    case_no: str = Field(primary_key=True, foreign_key="case_file.case_no")
    work: str = Field(primary_key=True)


class OfferRow(SQLModel, table=True):
    """A case offered by its holders to somebody who has not answered yet."""

    __tablename__: ClassVar[str] = "offer"
    __table_args__ = (Index("offer_to_name", "to_name"),)
    case_no: str = Field(primary_key=True, foreign_key="case_file.case_no")
    from_name: str
    to_name: str
    reason: str
    offered_at: str


class CaseCampaignRow(SQLModel, table=True):
    """A campaign in which a case counts, with its category there."""

    __tablename__: ClassVar[str] = "case_campaign"
    __table_args__ = (Index("case_campaign_campaign", "campaign"),)
    case_no: str = Field(primary_key=True, foreign_key="case_file.case_no")
    campaign: str = Field(primary_key=True)
    category: str
    since: str


class DeadlineRow(SQLModel, table=True):
    """A time limit running, or ended, on one case. `due_on` is derived and kept for scanning."""

    __tablename__: ClassVar[str] = "deadline"
    __table_args__ = (Index("deadline_state_due", "state", "due_on"),)
    case_no: str = Field(primary_key=True, foreign_key="case_file.case_no")
    id: str = Field(primary_key=True)
    rule: str
    nature: str
    started_on: str
    started_at: str | None = None
    terms: str = Field(sa_column=Column(Text, nullable=False))  # JSON: limit, readings, pick, basis, rule hash
    course: str = Field(sa_column=Column(Text, nullable=False))  # JSON: chosen on, pauses, extensions, restart
    due_on: str
    due_at: str | None = None
    provisional: int
    state: str
    ended_on: str | None = None
    note: str | None = None
    party_no: int | None = None  # the party whose limit it is, where it is one party's


class EntryRow(SQLModel, table=True):
    """One entry of a book. `body` is the canonical text that is hashed; the other columns repeat it for reading."""

    __tablename__: ClassVar[str] = "entry"
    book: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    kind: str
    step: str | None = None
    actor: str
    happened_on: str
    recorded_at: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    hash: str


class PersonalRow(SQLModel, table=True):
    """The readable value of a personal answer; the entry holds only SHA-256(salt‖value)."""

    __tablename__: ClassVar[str] = "personal_value"
    book: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    answer: str = Field(primary_key=True)
    salt: str
    value: str = Field(sa_column=Column(Text, nullable=False))


class TallyRow(SQLModel, table=True):
    """+n (or, as a correction, −n) of one measure, caused by one entry."""

    __tablename__: ClassVar[str] = "tally"
    __table_args__ = (Index("tally_form", "campaign", "period", "unit", "category", "measure"),)
    book: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    campaign: str = Field(primary_key=True)
    measure: str = Field(primary_key=True)
    category: str = Field(primary_key=True)  # a corrected category takes away in one row and adds in another
    unit: str
    n: int = Field(sa_column=Column(BigInteger, nullable=False))
    happened_on: str
    period: str = Field(primary_key=True)  # and it does so in every month in which something was counted


class AgendaRow(SQLModel, table=True):
    """A rung: something that falls due later, planned in the transaction of its cause."""

    __tablename__: ClassVar[str] = "agenda"
    __table_args__ = (Index("agenda_state_send", "state", "send_on"),)
    key: str = Field(primary_key=True)
    book: str
    subject: str  # id of the deadline or obligation
    kind: str
    unit: str
    rung_days: int
    due_on: str
    safe_on: str
    send_on: str
    state: str
    why: str | None = None


class MailRow(SQLModel, table=True):
    """A mail to one person, made from a rung; sent once or visibly failed."""

    __tablename__: ClassVar[str] = "mail"
    __table_args__ = (UniqueConstraint("key", "to_name"), Index("mail_state", "state"))
    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True, autoincrement=True))
    key: str
    kind: str
    book: str
    to_name: str
    to_address: str
    message_id: str
    subject: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    html: str = Field(sa_column=Column(Text, nullable=False))
    state: str
    created_at: str
    sent_at: str | None = None
    attempts: str = Field(sa_column=Column(Text, nullable=False))  # JSON list of {at, answer}
    next_try_at: str | None = None  # not before; `None`: at once


class MuteRow(SQLModel, table=True):
    """Somebody does not want to hear of what that ladder announces, as far as it may be muted."""

    __tablename__: ClassVar[str] = "mute"
    name: str = Field(primary_key=True, foreign_key="staff.name")
    ladder: str = Field(primary_key=True)
    muted_at: str


class JobRow(SQLModel, table=True):
    """Something that a worker is to do soon, by its key (`mail:17`). On PostgreSQL Procrastinate keeps them instead."""

    __tablename__: ClassVar[str] = "job"
    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True, autoincrement=True))
    key: str = Field(unique=True)
    claimed_by: str | None = None  # who is doing it
    claimed_until: str | None = None  # when the claim runs out, by the machine's own clock


class WorkerRow(SQLModel, table=True):
    """A process that works the jobs off, and when it was last heard of, by the machine's own clock."""

    __tablename__: ClassVar[str] = "worker"
    name: str = Field(primary_key=True)
    machine: str
    process: int
    started_at: str
    seen_at: str
    ended_at: str | None = None  # when it ended as it should


class FeedRow(SQLModel, table=True):
    """The calendar to which somebody subscribes: whoever knows the token may read it."""

    __tablename__: ClassVar[str] = "feed"
    name: str = Field(primary_key=True, foreign_key="staff.name")
    token: str = Field(unique=True)
    lang: str
    made_at: str


class PassRow(SQLModel, table=True):
    """A one-time dated exception to a gate."""

    __tablename__: ClassVar[str] = "gate_pass"
    __table_args__ = (Index("gate_pass_case", "case_no"),)
    id: str = Field(primary_key=True)
    campaign: str
    unit: str
    case_no: str | None = None
    step: str
    asked_by: str
    granted_by: str
    reason: str
    until: str
    used_in: str | None = None  # case number of the step that used it


class UnitRow(SQLModel, table=True):
    """A bureau or squad in the tree nation → province → city → county."""

    __tablename__: ClassVar[str] = "unit"
    id: str = Field(primary_key=True)
    zh: str
    level: str
    parent: str | None = None


class StaffRow(SQLModel, table=True):
    """A member of staff or liaison."""

    __tablename__: ClassVar[str] = "staff"
    name: str = Field(primary_key=True)
    zh: str
    unit: str = Field(foreign_key="unit.id")
    email: str
    account: str | None = Field(default=None, unique=True)
    left_on: str | None = None  # the last day on which the person acts


class StaffRoleRow(SQLModel, table=True):
    """A role held by a person in a unit, his own or one that he is lent to; empty dates are open, others inclusive."""

    __tablename__: ClassVar[str] = "staff_role"
    name: str = Field(primary_key=True, foreign_key="staff.name")
    unit: str = Field(primary_key=True, foreign_key="unit.id")
    role: str = Field(primary_key=True)
    from_on: str | None = None
    to_on: str | None = None


class StandInRow(SQLModel, table=True):
    """Somebody who acts for another in one of the other's roles, between two days, both inclusive."""

    __tablename__: ClassVar[str] = "stand_in"
    name: str = Field(primary_key=True, foreign_key="staff.name")
    for_name: str = Field(primary_key=True, foreign_key="staff.name")
    unit: str = Field(primary_key=True, foreign_key="unit.id")
    role: str = Field(primary_key=True)
    from_on: str = Field(primary_key=True)
    to_on: str


class CredentialRow(SQLModel, table=True):
    """What proves that somebody is who he says: an argon2id hash of his password, or of a code good for one use."""

    __tablename__: ClassVar[str] = "credential"
    name: str = Field(primary_key=True, foreign_key="staff.name")
    hash: str
    is_code: int  # 1: a one-time code, to be replaced by a password
    set_at: str
    failed: int  # wrong tries since the last right one
    failed_at: str | None = None


class SessionRow(SQLModel, table=True):
    """Somebody signed in. The token itself stands only with the one who holds it."""

    __tablename__: ClassVar[str] = "session"
    token_hash: str = Field(primary_key=True)
    name: str = Field(foreign_key="staff.name")
    started_at: str
    last_at: str


class CertificateRow(SQLModel, table=True):
    """An enforcement certificate (执法证) with its dates, both inclusive."""

    __tablename__: ClassVar[str] = "certificate"
    number: str = Field(primary_key=True)
    name: str = Field(foreign_key="staff.name")
    from_on: str
    to_on: str


class DocumentRow(SQLModel, table=True):
    """One version of a definition, campaign, time limit, calendar or form, as JSON; the hash is of its content."""

    __tablename__: ClassVar[str] = "document"
    kind: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    hash: str = Field(primary_key=True)
    effective_on: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    author: str
    reason: str
    recorded_at: str


class AnchorRow(SQLModel, table=True):
    """A Merkle root over the heads of the books and the anchor before."""

    __tablename__: ClassVar[str] = "anchor"
    seq: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    root: str
    previous: str
    heads: str = Field(sa_column=Column(Text, nullable=False))  # JSON: book -> [seq, hash]
    at: str


class NumberRow(SQLModel, table=True):
    """The last number given in a gap-free series."""

    __tablename__: ClassVar[str] = "number_series"
    series: str = Field(primary_key=True)
    last: int


class RequestKeyRow(SQLModel, table=True):
    """An answered request: the same key again gets the same answer and does nothing."""

    __tablename__: ClassVar[str] = "request_key"
    key: str = Field(primary_key=True)
    request: str  # hash of what was asked
    answer: str = Field(sa_column=Column(Text, nullable=False))


class SettingRow(SQLModel, table=True):
    """A property of the store itself: whether it is a practice store, who founded it."""

    __tablename__: ClassVar[str] = "setting"
    name: str = Field(primary_key=True)
    value: str
