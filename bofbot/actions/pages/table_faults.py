"""What is said when it cannot be told that a whole table was read from a page."""

from __future__ import annotations

from bofbot.errors import ApplicationError
from bofbot.words import Sentence


def more_is_there(read: int, total: int, words: str = "") -> ApplicationError:
    said = (
        Sentence(en=f"the page says {total:,} rows", ja=f"画面には全{total:,}件とあります")
        if total
        else Sentence(en=f"“{words}” leads to more", ja=f"「{words}」の先に続きがあります")
    )
    return ApplicationError(
        Sentence(en=f"{read:,} rows were read, but ", ja=f"{read:,}件を読み取りましたが、") + said,
        fix=Sentence(
            en="write `pages: all` to read them all, or `pages: 1` when this page is all you want",
            ja="すべて読むには `pages: all`、このページだけでよければ `pages: 1` を書いてください",
        ),
    )


def other_total(read: int, total: int) -> ApplicationError:
    return ApplicationError(
        Sentence(
            en=f"all pages together have {read:,} rows, but the page says {total:,}",
            ja=f"全ページで{read:,}件を読み取りましたが、画面には全{total:,}件とあります",
        ),
        fix=Sentence(
            en="was something entered meanwhile? read it again; name `key` if rows stand on two pages",
            ja="読み取り中に登録や削除がなかったか確認し、もう一度読み取ってください。同じ行が2ページに出る場合は `key` を指定してください",
        ),
    )


def undecided_doubles(row: tuple[str, ...]) -> ApplicationError:
    shown = " / ".join(cell for cell in row if cell)[:80]
    return ApplicationError(
        Sentence(
            en=f"one page ends as the next one begins ({shown}): the same row, or two alike?",
            ja=f"ページの終わりと次のページの始まりに同じ行があります（{shown}）。同一の行か別の行かを判断できません",
        ),
        fix=Sentence(
            en="name the column that tells rows apart: `key: 受付番号`",
            ja="行を区別できる列を `key: 受付番号` のように指定してください",
        ),
    )


def same_row_twice(key: str, value: str) -> ApplicationError:
    return ApplicationError(
        Sentence(
            en=f"two rows have the {key} {value}, with different contents",
            ja=f"「{key}」が {value} の行が2つあり、内容が異なります",
        ),
        fix=Sentence(
            en="choose a `key` that tells rows apart, or read again if somebody edited it meanwhile",
            ja="行を区別できる列を `key` にしてください。途中で編集された場合は読み取り直してください",
        ),
    )


def too_many(at_most: int) -> ApplicationError:
    return ApplicationError(
        Sentence(en=f"there are more than {at_most:,} rows", ja=f"{at_most:,}件を超えています"),
        fix=Sentence(
            en="narrow the search, or raise `at_most`",
            ja="検索条件を絞るか、`at_most` を大きくしてください",
        ),
    )


def unchanged(words: str, read: int) -> ApplicationError:
    return ApplicationError(
        Sentence(
            en=f"after {read:,} rows “{words}” was pressed, but no other rows came",
            ja=f"{read:,}件のあと「{words}」を押しましたが、続きが表示されません",
        )
    )


def gap_while_scrolling(read: int) -> ApplicationError:
    return ApplicationError(
        Sentence(
            en=f"while scrolling, the rows after the first {read:,} do not join on: some may be missing",
            ja=f"スクロール中に{read:,}件目より後の行がつながらず、抜けがある可能性があります",
        )
    )


def not_sorted(heading: str, way: str) -> ApplicationError:
    order = ("ascending", "昇順") if way == "up" else ("descending", "降順")
    return ApplicationError(
        Sentence(
            en=f"the rows do not stand in {order[0]} order of {heading}",
            ja=f"表を「{heading}」の{order[1]}に並べられませんでした",
        ),
        fix=Sentence(
            en="sort in the robot instead: `sort(rows, '…')`", ja="並べ替えはロボット側で行ってください"
        ),
    )


def changes_all_the_time() -> ApplicationError:
    return ApplicationError(
        Sentence(en="the table keeps changing", ja="表の内容が変わり続けているため、読み取れません")
    )
