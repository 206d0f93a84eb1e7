"""The tables of the store: a numbered list of migrations, applied in order, never edited once released."""

from __future__ import annotations

from bofbot.errors import NotReady
from bofbot.words import Sentence

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE counters (
            name TEXT PRIMARY KEY,
            value BIGINT NOT NULL,
            changed_at TEXT NOT NULL
        )
        """,
        """
        CREATE TABLE items (
            robot TEXT NOT NULL,
            step TEXT NOT NULL,
            key TEXT NOT NULL,
            state TEXT NOT NULL
                CHECK (state IN ('new', 'leased', 'armed', 'done', 'uncertain', 'business', 'waiting', 'dead')),
            token BIGINT NOT NULL,
            attempt BIGINT NOT NULL,
            payload TEXT NOT NULL,
            run TEXT NOT NULL DEFAULT '',
            owner TEXT NOT NULL DEFAULT '',
            receipt TEXT NOT NULL DEFAULT '',
            why TEXT NOT NULL DEFAULT '',
            completed INTEGER NOT NULL DEFAULT 0,
            armed_at TEXT NOT NULL DEFAULT '',
            request TEXT NOT NULL DEFAULT '{}',
            made_at TEXT NOT NULL,
            changed_at TEXT NOT NULL,
            PRIMARY KEY (robot, step, key)
        )
        """,
        "CREATE INDEX items_by_run ON items (run)",
        "CREATE INDEX items_by_state ON items (state)",
        """
        CREATE TABLE attempts (
            robot TEXT NOT NULL,
            step TEXT NOT NULL,
            key TEXT NOT NULL,
            token BIGINT NOT NULL,
            attempt BIGINT NOT NULL,
            run TEXT NOT NULL,
            owner TEXT NOT NULL,
            started_at TEXT NOT NULL,
            armed_at TEXT NOT NULL DEFAULT '',
            ended_at TEXT NOT NULL DEFAULT '',
            state TEXT NOT NULL,
            receipt TEXT NOT NULL DEFAULT '',
            why TEXT NOT NULL DEFAULT '',
            request TEXT NOT NULL DEFAULT '{}',
            PRIMARY KEY (robot, step, key, token),
            FOREIGN KEY (robot, step, key) REFERENCES items (robot, step, key)
        )
        """,
        """
        CREATE TABLE runs (
            id TEXT PRIMARY KEY,
            robot TEXT NOT NULL,
            robot_file TEXT NOT NULL,
            responsible TEXT NOT NULL,
            mode TEXT NOT NULL,
            of_run TEXT NOT NULL,
            folder TEXT NOT NULL,
            process TEXT NOT NULL,
            state TEXT NOT NULL,
            started TEXT NOT NULL,
            started_us BIGINT NOT NULL,
            seconds REAL NOT NULL DEFAULT 0,
            exit_code INTEGER NOT NULL DEFAULT 0,
            items_done BIGINT NOT NULL DEFAULT 0,
            items_failed BIGINT NOT NULL DEFAULT 0,
            items_already BIGINT NOT NULL DEFAULT 0,
            items_waiting BIGINT NOT NULL DEFAULT 0,
            retries BIGINT NOT NULL DEFAULT 0,
            warnings BIGINT NOT NULL DEFAULT 0,
            step_name TEXT NOT NULL DEFAULT '',
            why_en TEXT NOT NULL DEFAULT '',
            why_ja TEXT NOT NULL DEFAULT '',
            fix_en TEXT NOT NULL DEFAULT '',
            fix_ja TEXT NOT NULL DEFAULT ''
        )
        """,
        "CREATE INDEX runs_by_start ON runs (started_us)",
        "CREATE INDEX runs_by_robot ON runs (robot, started_us)",
        """
        CREATE TABLE events (
            seq INTEGER PRIMARY KEY,
            run TEXT NOT NULL,
            kind TEXT NOT NULL,
            body TEXT NOT NULL,
            sealed_by TEXT NOT NULL,
            mac TEXT NOT NULL
        )
        """,
        "CREATE INDEX events_by_run ON events (run, seq)",
        """
        CREATE TABLE chain (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            seq BIGINT NOT NULL,
            mac TEXT NOT NULL,
            sealed_by TEXT NOT NULL,
            seal TEXT NOT NULL
        )
        """,
    ),
    (
        """
        CREATE TABLE approvals (
            fingerprint TEXT NOT NULL,
            robot TEXT NOT NULL,
            approver TEXT NOT NULL,
            why TEXT NOT NULL,
            at TEXT NOT NULL
        )
        """,
        "CREATE INDEX approvals_by_fingerprint ON approvals (fingerprint)",
    ),
    (
        """
        CREATE TABLE slots (
            id INTEGER PRIMARY KEY,
            schedule TEXT NOT NULL,
            nominal TEXT NOT NULL,
            due_at TEXT NOT NULL,
            robot TEXT NOT NULL,
            inputs TEXT NOT NULL DEFAULT '{}',
            state TEXT NOT NULL
                CHECK (state IN ('due', 'started', 'done', 'failed', 'waiting', 'missed', 'skipped')),
            why_en TEXT NOT NULL DEFAULT '',
            why_ja TEXT NOT NULL DEFAULT '',
            queued INTEGER NOT NULL DEFAULT 0,
            deadline_at TEXT NOT NULL DEFAULT '',
            owner TEXT NOT NULL DEFAULT '',
            late INTEGER NOT NULL DEFAULT 0,
            tell INTEGER NOT NULL DEFAULT 0,
            ticker TEXT NOT NULL DEFAULT '',
            process TEXT NOT NULL DEFAULT '',
            launches INTEGER NOT NULL DEFAULT 0,
            resumed INTEGER NOT NULL DEFAULT 0,
            run TEXT NOT NULL DEFAULT '',
            started_at TEXT NOT NULL DEFAULT '',
            ended_at TEXT NOT NULL DEFAULT '',
            UNIQUE (schedule, nominal)
        )
        """,
        "CREATE INDEX slots_by_state ON slots (state, due_at)",
        "CREATE INDEX slots_by_schedule ON slots (schedule, due_at)",
        """
        CREATE TABLE schedule_ticks (
            schedule TEXT PRIMARY KEY,
            ticked_until TEXT NOT NULL
        )
        """,
        """
        CREATE TABLE heartbeats (
            process TEXT PRIMARY KEY,
            at TEXT NOT NULL,
            playing BIGINT NOT NULL,
            trouble TEXT NOT NULL
        )
        """,
        "CREATE INDEX runs_by_process ON runs (process)",
    ),
    (
        """
        CREATE TABLE orders (
            id TEXT PRIMARY KEY,
            process TEXT NOT NULL,
            tries BIGINT NOT NULL,
            run TEXT NOT NULL,
            begun_at TEXT NOT NULL
        )
        """,
        "CREATE TABLE journal_keys (name TEXT PRIMARY KEY)",
    ),
    (
        """
        CREATE TABLE workers (
            process TEXT PRIMARY KEY,
            can TEXT NOT NULL,
            playing BIGINT NOT NULL,
            wanted TEXT NOT NULL,
            since TEXT NOT NULL,
            seen TEXT NOT NULL
        )
        """,
    ),
    (
        "ALTER TABLE chain ADD COLUMN adopted INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE approvals ADD COLUMN totals TEXT NOT NULL DEFAULT '{}'",
    ),
    (
        """
        CREATE TABLE shares (
            id TEXT PRIMARY KEY,
            of_order TEXT NOT NULL,
            step TEXT NOT NULL,
            batch TEXT NOT NULL,
            run TEXT NOT NULL,
            opened_at TEXT NOT NULL
        )
        """,
        "CREATE INDEX shares_by_order ON shares (of_order)",
        """
        CREATE TABLE share_items (
            share TEXT NOT NULL,
            place BIGINT NOT NULL,
            run TEXT NOT NULL,
            process TEXT NOT NULL,
            number BIGINT NOT NULL DEFAULT 0,
            told TEXT NOT NULL DEFAULT '',
            claimed_at TEXT NOT NULL,
            PRIMARY KEY (share, place)
        )
        """,
        "CREATE INDEX share_items_by_number ON share_items (share, number)",
        # Looked for by every resume, health check and list, in stores of a million events:
        "CREATE INDEX runs_by_origin ON runs (of_run)",
        "CREATE INDEX runs_by_state ON runs (state, started_us)",
        "CREATE INDEX attempts_by_run ON attempts (run, started_at)",
        "CREATE INDEX slots_by_due ON slots (due_at, id)",
        "CREATE INDEX slots_to_tell ON slots (id) WHERE tell = 1",
        "CREATE INDEX slots_by_deadline ON slots (deadline_at) WHERE late = 0 AND deadline_at <> ''",
    ),
    (
        """
        CREATE TABLE questions (
            id INTEGER PRIMARY KEY,
            story TEXT NOT NULL,
            run TEXT NOT NULL,
            robot TEXT NOT NULL,
            robot_file TEXT NOT NULL,
            robot_sha256 TEXT NOT NULL,
            owner TEXT NOT NULL DEFAULT '',
            started_by TEXT NOT NULL DEFAULT '',
            step TEXT NOT NULL,
            item TEXT NOT NULL,
            print TEXT NOT NULL,
            kind TEXT NOT NULL,
            said_en TEXT NOT NULL,
            said_ja TEXT NOT NULL,
            choices TEXT NOT NULL DEFAULT '[]',
            asked_of TEXT NOT NULL DEFAULT '',
            asked_at TEXT NOT NULL,
            until TEXT NOT NULL DEFAULT '',
            otherwise TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'expired', 'cancelled')),
            value TEXT NOT NULL DEFAULT '',
            settled_by TEXT NOT NULL DEFAULT '',
            settled_at TEXT NOT NULL DEFAULT '',
            why TEXT NOT NULL DEFAULT '',
            told INTEGER NOT NULL DEFAULT 0,
            tell_at TEXT NOT NULL DEFAULT '',
            gone_on INTEGER NOT NULL DEFAULT 0,
            UNIQUE (story, step, item, print)
        )
        """,
        "CREATE INDEX questions_by_state ON questions (state, gone_on, story)",
        """
        CREATE TABLE robot_texts (
            sha256 TEXT NOT NULL,
            file TEXT NOT NULL,
            texts TEXT NOT NULL,
            PRIMARY KEY (sha256, file)
        )
        """,
    ),
    (
        # How far a mailbox was looked at, by schedule.
        """
        CREATE TABLE positions (
            schedule TEXT PRIMARY KEY,
            place TEXT NOT NULL
        )
        """,
        # Evidence and where it is kept besides; `at` is empty until the copy is made.
        """
        CREATE TABLE copies (
            run TEXT NOT NULL,
            path TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            size BIGINT NOT NULL,
            place TEXT NOT NULL,
            at TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (run, path)
        )
        """,
        "CREATE INDEX copies_to_make ON copies (run) WHERE at = ''",
    ),
    ("CREATE INDEX runs_by_file ON runs (robot, robot_file, started_us)",),
)


def newer_store(where: str, version: int) -> NotReady:
    """A store that this bofbot is too old for."""
    return NotReady(
        Sentence(
            en=f"the store {where} was written by a newer bofbot (schema {version}, this one knows {len(MIGRATIONS)})",
            ja=f"記録 {where} は新しい版の bofbot で作られています（形式 {version}、この版は {len(MIGRATIONS)} まで）",
        ),
        fix=Sentence(
            en="update bofbot on this machine, or choose another store with `store:` in configs/bofbot.yaml",
            ja="このパソコンの bofbot を更新するか、configs/bofbot.yaml の `store:` で別の記録を指定してください",
        ),
    )
