"""Files as people have them."""

import contextlib
import csv
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from participants import importing, sheets
from participants.sheets import FileProblemError

ROLES = {"mentee": "Mentee", "mentor": "Mentor"}
TEXT = "First name,Last name,Work e-mail,Role,Reason\nZoë,O’Brien,zoe@employer.example,Mentee,Keen – really\n"


def parse(content, default=""):
    return importing.parse(content.encode() if isinstance(content, str) else content, ROLES, default).rows


def told(row):
    return (row.first_name, row.last_name, row.email, row.role, row.reason, row.errors)


EXPECTED = ("Zoë", "O’Brien", "zoe@employer.example", "mentee", "Keen – really", ())


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)  # fmt: skip
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_endings(encoding, separator, ending):
    content = TEXT.replace(",", separator).replace("\n", ending).encode(encoding)

    assert [told(row) for row in parse(content)] == [EXPECTED]


def test_utf_16_with_a_mark_big_endian():
    assert told(parse(b"\xfe\xff" + TEXT.encode("utf-16-be"))[0]) == EXPECTED


def test_excels_own_first_line_names_the_separator():
    assert told(parse("sep=;\n" + TEXT.replace(",", ";"))[0]) == EXPECTED


@pytest.mark.parametrize(
    "headings",
    [
        "First name,Surname,Email address,Role,Reason",
        "FORENAME, Family Name ,E-mail,Mentor or mentee?,Why",
        "first_name,last_name,e-mail address,role,reason for nomination",
        "Given name,Last Name,Work Email,Programme role,Rationale",
    ],
)
def test_headings_as_people_write_them(headings):
    assert told(parse(headings + TEXT[TEXT.index("\n") :])[0]) == EXPECTED


def test_columns_in_any_order_and_unknown_ones_are_named():
    sheet = importing.parse(b"Phone,Email,Last name,First name\n1,a@b.example,Bello,Ola\n", ROLES, "mentee")

    assert told(sheet.rows[0])[:4] == ("Ola", "Bello", "a@b.example", "mentee")
    assert sheet.ignored == ["Phone"]


def test_stray_blank_rows_keep_the_spreadsheets_row_numbers():
    rows = parse("\n,,,,\n" + TEXT + ",,,,\n\u00a0,,,,\nOla,Bello,ola@employer.example,mentor,\n")

    assert [(row.line, row.first_name) for row in rows] == [(4, "Zoë"), (7, "Ola")]


def test_capitals_spaces_and_invisible_characters_in_addresses():
    row = parse(
        "First name,Last name,Email,Role\n\u00a0Ola\u00a0 May ,Bello,\ufeff mailto:OLA@Employer.Example ; ,MENTEES\n"
    )[0]

    assert told(row)[:4] == ("Ola May", "Bello", "ola@employer.example", "mentee")
    assert row.errors == ()


def test_quotes_with_separators_and_new_lines_inside():
    row = parse('First name,Last name,Email,Role,Reason\n"Ola","Bello, Jr",o@e.example,mentor,"Two\nlines; here"\n')[0]

    assert (row.last_name, row.reason) == ("Bello, Jr", "Two lines; here")


@pytest.mark.parametrize("start", ["=", "+", "@", "＝"])
@pytest.mark.parametrize("column", [0, 1, 4])
def test_text_that_a_spreadsheet_would_run_is_refused(start, column):
    cells = ["Ola", "Bello", "ola@employer.example", "mentee", "Keen"]
    cells[column] = f'{start}HYPERLINK("https://evil.example")'
    out = io.StringIO()
    csv.writer(out).writerows([importing.COLUMNS.values(), cells])

    assert "Write plain text" in parse(out.getvalue())[0].errors[0]


def test_every_error_of_a_row_is_said():
    errors = parse("First name,Last name,Email,Role\n,Bello,nowhere,Boss\n")[0].errors

    assert errors == (
        "First name is missing.",
        "“nowhere” is not an e-mail address.",
        "“Boss” is not a role here. Write Mentee or Mentor.",
    )


def test_a_missing_role_is_an_error_only_where_there_is_a_choice():
    text = "First name,Last name,Email\nOla,Bello,ola@employer.example\n"

    assert parse(text)[0].errors == ("Role is missing: Mentee or Mentor.",)
    assert parse(text, "mentee")[0].role == "mentee"


def test_the_same_address_twice_is_said_beside_the_second():
    rows = parse(TEXT + "Other,Person,ZOE@employer.example,Mentor,\n")

    assert rows[0].errors == ()
    assert rows[1].errors == ("The same address is in row 2 already.",)


def test_sensitive_words_in_a_reason_are_a_warning():
    assert "“dyslexia”" in parse(TEXT.replace("Keen", "Has dyslexia"))[0].warning


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n,,\n \n", "empty"),
        (b"First name,Last name,Email\n", "no people"),
        (b"Name,Email\nOla,o@e.example\n", "There is no column “First name” and “Last name”"),
        (b"First name,Forename,Last name,Email\na,b,c,d\n", "Two columns could be “First name”"),
        (b"First name,Last name,Email,Ethnicity\na,b,c,d\n", "Remove the column “Ethnicity”"),
        (b"First name,Last name,Email,Disability?\na,b,c,d\n", "Remove the column “Disability?”"),
        (b"a\0b\0\0" + b"First name", "not a table of text"),
        (b"PK\x03\x04broken", "damaged"),
        (b"\xd0\xcf\x11\xe0old", "old Excel file"),
        (b"%PDF-1.7", "PDF"),
        (b"x" * (sheets.MAX_BYTES + 1), "larger than 1 MB"),
        (("First name,Last name,Email\n" + "a,b,c@d.example\n" * 501).encode(), "more than 500 people"),
        (b"First name,Last name,Email\n" + b'"' + b"x" * 200_000, "can’t be read as a table"),
    ],
)
def test_files_that_are_no_list_say_why(content, words):
    with pytest.raises(FileProblemError, match=words.replace("?", r"\?")):
        importing.parse(content, ROLES)


# --- XLSX ---------------------------------------------------------------------------------------


def xlsx(*rows, hidden=False):
    book = Workbook()
    if hidden:
        book.active.sheet_state = "hidden"
        book.active.append(["secret"])
        book.create_sheet("People")
    for row in rows:
        book.worksheets[-1].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEAD = ["First name", "Last name", "Work e-mail", "Role", "Reason"]


def test_an_excel_file_with_blank_rows_numbers_and_a_hidden_sheet():
    content = xlsx([], HEAD, [], ["Ola", 7.0, "OLA@employer.example", "Mentor", None], hidden=True)

    assert told(parse(content)[0]) == ("Ola", "7", "ola@employer.example", "mentor", "", ())


def with_cached_formula(content, cached):
    """The same file with its one formula's last result stored, as Excel does."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                data = data.replace(b"</f><v /></c>", b"</f><v>" + cached + b"</v></c>")
                data = data.replace(b"</f><v></v></c>", b"</f><v>" + cached + b"</v></c>")
                data = data.replace(b'<c r="A2"><f>', b'<c r="A2" t="str"><f>')
            target.writestr(entry, data)
    return out.getvalue()


def test_a_formula_counts_as_its_last_result():
    content = xlsx(HEAD, ['=PROPER("ola")', "Bello", "ola@employer.example", "Mentor", ""])

    assert parse(content)[0].errors == ("First name is missing.",)
    assert parse(with_cached_formula(content, b"Ola"))[0].first_name == "Ola"


def test_an_archive_that_is_no_spreadsheet_and_one_that_swells():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "x")
    with pytest.raises(FileProblemError, match="not an Excel spreadsheet"):
        parse(out.getvalue())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (sheets.MAX_UNPACKED + 1))
    with pytest.raises(FileProblemError, match="too large"):
        parse(out.getvalue())


# --- whatever the file ---------------------------------------------------------------------------


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_words(content):
    with contextlib.suppress(FileProblemError):
        assert all(row.line for row in importing.parse(content, ROLES).rows)


names = st.text(st.characters(codec="cp1252", categories=["Lu", "Ll"]), min_size=1, max_size=12)
people = st.lists(st.tuples(names, names, st.integers(0, 10**6)), min_size=1, max_size=8, unique_by=lambda p: p[2])


@settings(max_examples=100)
@given(people, st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
def test_what_is_written_is_read_again(listed, separator, encoding):
    out = io.StringIO()
    rows = [HEAD, *([first, last, f"P{key}@Employer.example", "mentee", ""] for first, last, key in listed)]
    csv.writer(out, delimiter=separator).writerows(rows)

    read = parse(out.getvalue().encode(encoding))

    expected = [(importing.clean(f), importing.clean(last), f"p{key}@employer.example") for f, last, key in listed]
    assert [(row.first_name, row.last_name, row.email) for row in read] == expected
    assert not any(row.errors for row in read)


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_cleaning_twice_is_cleaning_once(text):
    once = importing.clean(text)
    assert importing.clean(once) == once
    assert once == once.strip()
