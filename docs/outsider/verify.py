#!/usr/bin/env python3
"""Verifies an election record: a second reader of docs/PROTOCOL.md that shares no code with the first.

Written from the documents; where they were unclear it was compared with the record checker, and they were made clear.

    verify.py FOLDER --vkey VKEY   a record as `hanpyo-verify fetch` leaves it
    verify.py VECTOR.json          a record in a file of docs/vectors; its changes must fail the checks stated there

Nothing but Python's standard library is needed. It is a second opinion, not a fast one: about ten ballots a second.
Exit code 0: all checks pass, 1: a check failed or there is no result, 2: could not run."""

import argparse
import json
import os
import sys

from curve import Invalid
from encoding import Schema
from log import VerifierKey, leaf_hash, open_checkpoint, read_folder, root
from record import ENDED, Record

DOCS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TITLES = {
    1: "the log: checkpoint signature, tree, tiles",
    2: "entries: canonical, in order, signed",
    3: "manifest",
    4: "key ceremony and drill",
    5: "roll, revocations, re-issues, strikes",
    6: "ballots: proofs and signatures",
    7: "ballots that may not count",
    8: "posted challenges",
    9: "encrypted tally",
    10: "decryption",
    11: "result, turnout, timing",
}


def check_log(record, entries, checkpoint, vkey, faults=()):
    """Check 1, the witnesses' part excepted."""
    try:
        size, stated = open_checkpoint(checkpoint, VerifierKey(vkey))
        if (size, stated) != (len(entries), root([leaf_hash(entry) for entry in entries])):
            raise Invalid("the checkpoint's tree is not that of the entries")
    except Invalid as error:
        record.fail(1, str(error), None if entries else 0)
    for fault in faults:
        record.fail(1, fault)


def read_record(entries, schema):
    """All entries taken in order."""
    record = Record(schema)
    for entry in entries:
        record.take(entry)
    return record


def report(record):
    """Prints the checks; whether all passed."""
    for check, title in TITLES.items():
        failures = [failure for failure in record.failures if failure[0] == check]
        print(f"{check:>2}  {'FAIL' if failures else 'pass'}  {title}")
        for _, entry, text in failures[:5]:
            print(f"          entry {entry}: {text}")
    print("12  NOT CHECKED  codes, receipts, acknowledgements: use hanpyo-verify")
    if record.manifest and "quorum none" not in record.manifest.policy:
        print("    NOT CHECKED  cosignatures of witnesses and the times they prove")
    if record.void:
        print("    the election was declared void: there is no result")
    if record.phase != ENDED:
        print("    the record has no result yet")
    return not record.failures and record.phase == ENDED and not record.void


def verify_vector(path, schema):
    with open(path, encoding="utf-8") as file:
        vector = json.load(file)
    entries = [bytes.fromhex(entry) for entry in vector["entries"]]
    record = read_record(entries, schema)
    check_log(record, entries, vector["checkpoint"], vector["vkey"])
    good = report(record)
    if record.manifest is None or record.manifest.hash.hex() != vector["manifest_hash"]:
        good = False
        print("another manifest hash than the vector's")
    for change in vector["changes"]:
        changed = list(entries)
        changed[change["index"]] = bytes.fromhex(change["entry"])
        found = sorted({check for check, _, _ in read_record(changed, schema).failures})
        same_root = root([leaf_hash(entry) for entry in changed]).hex() == change["root"]
        as_stated = found == change["failed_checks"] and same_root
        good &= as_stated
        expected = "" if as_stated else f" instead of {change['failed_checks']}"
        print(f"{'as stated' if as_stated else 'NOT AS STATED'}: {change['what']}: fails {found}{expected}")
    return good


def verify_folder(path, vkey, schema):
    with open(os.path.join(path, "checkpoint"), encoding="utf-8") as file:
        checkpoint = file.read()
    size, _ = open_checkpoint(checkpoint, VerifierKey(vkey))
    entries, faults = read_folder(path, size)
    record = read_record(entries, schema)
    check_log(record, entries, checkpoint, vkey, faults)
    return report(record)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("record", help="a folder or a vector")
    parser.add_argument("--vkey", help="the log's verifier key, from a source other than the folder")
    arguments = parser.parse_args()
    with open(os.path.join(DOCS, "protocol.cddl"), encoding="utf-8") as file:
        schema = Schema(file.read())
    try:
        if os.path.isdir(arguments.record):
            if not arguments.vkey:
                parser.error("--vkey is needed for a folder")
            good = verify_folder(arguments.record, arguments.vkey, schema)
        else:
            good = verify_vector(arguments.record, schema)
    except Invalid as error:
        print(f" 1  FAIL  {error}")
        good = False
    except (OSError, KeyError, ValueError) as error:
        print(f"cannot run: {error!r}", file=sys.stderr)
        return 2
    print("VERDICT:", "PASS" if good else "FAIL")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
