"""CPU time of validating robots: 1,000 files of 60 lines, against `yaml.CSafeLoader` reading the same files.

python benchmarks/validate.py [files]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from bofbot.actions import VerbTable
from bofbot.language.loader import load_robot

HEAD = """bofbot: 1
name: 経費申請の登録 {number}
purpose: 経費.xlsx の各行を経費システムに登録し、受付番号を書き戻す
owner: 経理部
deputy: 総務部
tags: [経費, 月次]
by_hand: 4m

inputs:
  file: {{type: file, label: 経費ファイル, default: data/経費.xlsx}}
  month: {{type: month, default: "2026-10"}}

secrets: [経費システム]

defaults:
  timeout: 1m
  retry: {{times: 2, wait: 1s}}

steps:
  - name: 経費ファイルを読む
    read_table: ${{inputs.file}}
    sheet: 経費
    columns: {{申請番号: code, 日付: date, 科目: text, 金額: yen}}
    save_as: rows

  - name: 対象の行を選ぶ
    set:
      対象: ${{where(rows, "科目", "交通費")}}
      締日: ${{business_day(month_end(inputs.month), 0)}}

  - name: 1行ずつ登録する
    for_each: ${{対象}}
    as: row
    key: ${{row.申請番号}}
    on_error: collect
    steps:
      - set: {{日付: "${{row.日付}}", 科目: "${{row.科目}}", 金額: "${{row.金額}}"}}
        if: ${{row.金額 > 0 and not is_empty(row.科目)}}
      - wait: 1s
        timeout: 10s
      - notify: 経理チャット
        message: ${{row.申請番号}} を ${{format(row.金額, ",")}} 円で登録しました
        optional: true
      - check: ${{row.日付 <= today()}}
        message: 日付が先の日です

  - name: 合計を確かめる
    check: ${{sum(対象, "金額") == sum(done, "金額")}}
    message: 登録した合計がファイルの合計と一致しません

on_failure:
  - notify: 経理チャット
    message: ${{run.name}} が失敗しました（${{run.failed_items}} 行）

outputs:
  件数: ${{len(done)}}
  合計: ${{sum(done, "金額")}}
"""


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number in range(count):
            files.append(Path(folder, f"{number:04}.yaml"))
            files[-1].write_text(HEAD.format(number=number), encoding="utf-8")
        verbs = VerbTable()
        load_robot(files[0], verbs)  # the import of the verbs is no part of the figure
        ours = _cpu(files, lambda file: load_robot(file, verbs))
        plain = _cpu(files, lambda file: yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    lines = len(HEAD.splitlines())
    print(f"{count} robots of {lines} lines: {ours:.2f} s CPU, {1000 * ours / count:.2f} ms each")
    print(f"yaml.CSafeLoader, same files:  {plain:.2f} s CPU; ratio {ours / plain:.2f}")


def _cpu(files: list[Path], read: Callable[[Path], object]) -> float:
    started = time.process_time()
    for file in files:
        read(file)
    return time.process_time() - started


if __name__ == "__main__":
    main()
