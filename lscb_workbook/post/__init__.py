"""The post: letters to officers, made from templates, kept as drafts or sent, each noted before and after.

Letters are made from records and a day that is given; files and the network are the business of a few
modules: the journal, drafts, sending. What is imported here is imported when it is asked for.
"""

from typing import TYPE_CHECKING

from lscb_workbook.lazily import show_lazily

if TYPE_CHECKING:
    from lscb_workbook.post.asking import issue_letters
    from lscb_workbook.post.drafts import Drafts, write_drafts
    from lscb_workbook.post.journal import Journal, open_journal, read_journal
    from lscb_workbook.post.letters import Attachment, Kind, Letter, Occasion, Sender, Templates, Uid, letter
    from lscb_workbook.post.messages import sender_of
    from lscb_workbook.post.outbox import Mailing, Outbox, Posted
    from lscb_workbook.post.sending import Fate, Outcome, send
    from lscb_workbook.post.servers import Credentials, Server, credentials, server_at

__all__ = [
    "Attachment",
    "Credentials",
    "Drafts",
    "Fate",
    "Journal",
    "Kind",
    "Letter",
    "Mailing",
    "Occasion",
    "Outbox",
    "Outcome",
    "Posted",
    "Sender",
    "Server",
    "Templates",
    "Uid",
    "credentials",
    "issue_letters",
    "letter",
    "open_journal",
    "read_journal",
    "send",
    "sender_of",
    "server_at",
    "write_drafts",
]

show_lazily(
    __name__,
    {
        "Attachment": "letters",
        "Credentials": "servers",
        "Drafts": "drafts",
        "Fate": "sending",
        "Journal": "journal",
        "Kind": "letters",
        "Letter": "letters",
        "Mailing": "outbox",
        "Occasion": "letters",
        "Outbox": "outbox",
        "Outcome": "sending",
        "Posted": "outbox",
        "Sender": "letters",
        "Server": "servers",
        "Templates": "letters",
        "Uid": "letters",
        "credentials": "servers",
        "issue_letters": "asking",
        "letter": "letters",
        "open_journal": "journal",
        "read_journal": "journal",
        "send": "sending",
        "sender_of": "messages",
        "server_at": "servers",
        "write_drafts": "drafts",
    },
)
