"""Postcode files as their publishers write them, and as they arrive when something went wrong."""

import io
import os
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from directory.models import OutwardCode, Postcode
from directory.places import locate
from directory.places.loading import BATCH, PostcodeFile

pytestmark = pytest.mark.django_db

ONS_OLD = "pcd,pcd2,pcds,dointr,doterm,oscty,ced,oslaua,osward,oseast1m,osnrth1m,ctry,rgn,lat,long,imd"
ONS_NEW = (
    "pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,north1m,gridind,oa21cd,cty25cd,ced25cd,lad25cd,wd25cd,nhser24cd,"
    "ctry25cd,rgn25cd,pcon24cd,ttwa15cd,itl25cd,npark16cd,lsoa21cd,msoa21cd,wz11cd,sicbl24cd,bua24cd,ruc21ind,"
    "oac11ind,lat,long,lep21cd1,lep21cd2,pfa23cd,imd20ind,icb23cd"
)
CODES = {"county": "E10000015", "district": "E07000240", "nation": "E92000001", "region": "E12000006"}
HERTS = {"e07000240", "e10000015", "e12000006", "e92000001", "east of england", "england"}


def ons(header: str, *places: tuple[str, str, str, str]) -> str:
    """A file of the directory: postcode, when it ended, latitude and longitude of each place."""
    columns = header.split(",")
    lines = [header]
    for code, ended, latitude, longitude in places:
        cells = dict.fromkeys(columns, "")
        for name in columns:
            for prefix, kind in (("cty", "county"), ("lad", "district"), ("ctry", "nation"), ("rgn", "region")):
                if name.removeprefix("os").replace("laua", "lad").startswith(prefix):
                    cells[name] = CODES[kind]
        first, second = columns[:2]
        cells |= {first: code.replace(" ", ""), second: code, "pcds": code, "doterm": ended}
        cells |= {"lat": latitude, "long": longitude}
        lines.append(",".join(cell if name in ("lat", "long") else f'"{cell}"' for name, cell in cells.items()))
    return "\n".join(lines) + "\n"


PLACES = [
    ("AL1 3JQ", "", "51.750000", "-0.330000"),
    ("AL1 1AA", "", "51.770000", "-0.350000"),
    ("AL1 9XX", "199606", "51.700000", "-0.300000"),
    ("GY1 1AA", "", "99.999999", "0.000000"),
    ("AL2 1AA", "", "51.720000", "-0.340000"),
]
CODE_POINT = (
    '"AL1 3JQ",10,514735,207305,"E92000001","E19000003","E18000006","E10000015","E07000240","E05013921"\r\n'
    '"AL1 1AA",90,0,0,"E92000001","E19000003","E18000006","E10000015","E07000240","E05013921"\r\n'
    '"NR305DL",10,651410,313177,"E92000001","E19000002","E18000005","","E07000145","E05005788"\r\n'
)
GEONAMES = (
    "GB\tAL1\tSt Albans\tEngland\tENG\tHertfordshire\t11609011\t\t\t51.75\t-0.33\t4\n"
    "GB\tAL3\tSt Albans\tEngland\tENG\tHertfordshire\t11609011\t\t\t51.77\t-0.35\t4\n"
    "GB\tAL3\tYewtown\tEngland\tENG\tHertfordshire\t11609011\t\t\t51.79\t-0.37\t4\n"
    "GB\tLL65\tYnys Môn\tWales\tWLS\tGwynedd\t1\t\t\t53.30\t-4.60\t4\n"
)
GEONAMES_FULL = (
    "GB\tAL1 3JQ\tSt Albans\tEngland\tENG\tHertfordshire\t11609011\tSt Albans District\tE07000240\t51.75\t-0.33\t6\n"
    "GB\tAL1 1AA\tSt Albans\tEngland\tENG\tHertfordshire\t11609011\tSt Albans District\tE07000240\t51.77\t-0.35\t6\n"
    "FR\t75001\tParis\tÎle-de-France\t11\tParis\t75\tParis\t751\t48.86\t2.34\t5\n"
    "GB\tAL1 9XX\tSt Albans\tEngland\tENG\tHertfordshire\t11609011\t\t\t\t\t\n"
)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def zipped(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def load(path: Path) -> str:
    said = io.StringIO()
    call_command("load_postcodes", str(path), "--quiet", stdout=said)
    return said.getvalue()


def tables() -> tuple[list, list]:
    return (
        list(Postcode.objects.order_by("code").values_list("code", "latitude", "longitude")),
        list(OutwardCode.objects.values_list("code", "latitude", "longitude", "name", "areas", "source")),
    )


@pytest.mark.parametrize("header", [ONS_OLD, ONS_NEW], ids=["old names", "new names"])
def test_the_directory_of_the_ons(tmp_path: Path, header: str) -> None:
    said = load(write(tmp_path / "postcodes.txt", ons(header, *PLACES), "utf-8-sig"))
    postcodes, outward_codes = tables()
    assert postcodes == [("AL1 1AA", 51.77, -0.35), ("AL1 3JQ", 51.75, -0.33), ("AL2 1AA", 51.72, -0.34)]
    assert [code[:3] for code in outward_codes] == [("AL1", 51.76, -0.34), ("AL2", 51.72, -0.34)]
    assert all(set(code[4]) == HERTS and code[5] == "loaded" for code in outward_codes)
    assert "ONS Postcode Directory: 3 rows in 2 outward codes loaded, 2 passed over" in said


def test_the_zip_of_the_ons_is_read_once_and_names_its_areas(tmp_path: Path) -> None:
    whole = ons(ONS_NEW, *PLACES)
    load(
        zipped(
            tmp_path / "download",
            {
                "Data/ONSPD_MAY_2025_UK.csv": whole,
                "Data/multi_csv/ONSPD_MAY_2025_UK_AL.csv": ons(ONS_NEW, ("AL9 9AA", "", "51.7", "-0.2")),
                "Documents/LAD names and codes.csv": "LAD25CD,LAD25NM\nE07000240,St Albans\n",
                "Documents/CTY names.csv": "CTY25CD,CTY25NM\r\nE10000015,Herts\xf4\r\n".encode("latin-1"),
                "User Guide/guide.pdf": b"%PDF-1.7\n\0\xff",
            },
        )
    )
    postcodes, outward_codes = tables()
    assert [code for code, *_ in postcodes] == ["AL1 1AA", "AL1 3JQ", "AL2 1AA"]
    assert set(outward_codes[0][4]) == HERTS | {"st albans", "hertsô", "hertso"}
    assert locate("St Albans").label == "St Albans"


def test_a_code_that_stands_for_no_county_is_no_area(tmp_path: Path) -> None:
    load(write(tmp_path / "a", ons(ONS_NEW, PLACES[0]).replace("E10000015", "E99999999")))
    assert "e99999999" not in OutwardCode.objects.get().areas


@pytest.mark.parametrize("kind", ["file", "folder", "zip"])
def test_code_point_open(tmp_path: Path, kind: str) -> None:
    if kind == "zip":
        path = zipped(tmp_path / "codepo_gb.zip", {"Data/CSV/al.csv": CODE_POINT, "Doc/licence.txt": "Hello, reader."})
    else:
        (tmp_path / "csv").mkdir()
        path = write(tmp_path / "csv" / "al.csv", CODE_POINT)
        path = path.parent if kind == "folder" else path
    said = load(path)
    postcodes, outward_codes = tables()
    assert [code for code, *_ in postcodes] == ["AL1 3JQ", "NR30 5DL"]
    # The water tower of Caister, which the Ordnance Survey works out in its guide: 52°39′28.72″N, 1°42′57.79″E.
    assert postcodes[1][1:] == pytest.approx((52.657979, 1.716052), abs=5e-5)
    assert outward_codes[0][4] == ["e07000240", "e10000015", "e92000001", "england"]
    assert "OS Code-Point Open: 2 rows in 2 outward codes loaded, 1 passed over" in said


def test_geonames_with_outward_codes_only(tmp_path: Path) -> None:
    load(zipped(tmp_path / "GB.zip", {"GB.txt": GEONAMES, "readme.txt": "Readme for GeoNames Postal Code files\n"}))
    postcodes, outward_codes = tables()
    assert postcodes == []
    assert [code[:4] for code in outward_codes] == [
        ("AL1", 51.75, -0.33, "St Albans"),
        ("AL3", 51.78, -0.36, "St Albans"),  # the town that AL1 shares, not the village
        ("LL65", 53.3, -4.6, "Ynys Môn"),
    ]
    assert outward_codes[1][4] == ["england", "hertfordshire", "st albans", "yewtown"]
    assert {"ynys môn", "ynys mon", "wales"} <= set(outward_codes[2][4])
    assert locate("AL3 9ZZ").label == "AL3"
    assert locate("ynys mon").outward_code == "LL65"


def test_geonames_with_full_postcodes(tmp_path: Path) -> None:
    said = load(write(tmp_path / "GB_full.txt", GEONAMES_FULL))
    assert tables()[0] == [("AL1 1AA", 51.77, -0.35), ("AL1 3JQ", 51.75, -0.33)]
    code = OutwardCode.objects.get()
    assert (code.name, code.latitude) == ("St Albans", 51.76)
    assert {"e07000240", "st albans district", "hertfordshire"} <= set(code.areas)
    assert "2 passed over" in said


@pytest.mark.parametrize("text", [ons(ONS_NEW, *PLACES), CODE_POINT, GEONAMES, GEONAMES_FULL])
def test_running_twice_changes_nothing(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "file", text)
    load(path)
    before = tables()
    written = [*Postcode.objects.order_by("code").extra(select={"xmin": "xmin::text"}).values_list("code", "xmin")]
    load(path)
    assert tables() == before
    assert before[1]
    assert written == [
        *Postcode.objects.order_by("code").extra(select={"xmin": "xmin::text"}).values_list("code", "xmin")
    ]


def test_a_newer_file_moves_what_moved_and_keeps_what_it_does_not_tell(tmp_path: Path) -> None:
    load(write(tmp_path / "names", GEONAMES))
    load(write(tmp_path / "codes", ons(ONS_NEW, *PLACES).replace("E07000240", "E07000999")))
    load(write(tmp_path / "newer", CODE_POINT))
    code = OutwardCode.objects.get(code="AL1")
    assert code.name == "St Albans"
    assert code.areas == ["e07000240", "e10000015", "e92000001", "england"]
    assert Postcode.objects.get(code="AL1 1AA").latitude == 51.77
    assert OutwardCode.objects.get(code="AL3").areas == ["england", "hertfordshire", "st albans", "yewtown"]


def test_what_was_learned_is_loaded_over(tmp_path: Path) -> None:
    OutwardCode.objects.create(code="AL1", latitude=52, longitude=0, name="St Albans", source="learned")
    load(write(tmp_path / "file", CODE_POINT))
    code = OutwardCode.objects.get(code="AL1")
    assert (code.source, code.name) == ("loaded", "St Albans")
    assert code.latitude < 51.8


def test_of_a_postcode_twice_in_a_file_the_last_counts(tmp_path: Path) -> None:
    load(write(tmp_path / "file", ons(ONS_NEW, PLACES[0], ("AL1 3JQ", "", "51.8", "-0.4"))))
    assert tables()[0] == [("AL1 3JQ", 51.8, -0.4)]


def test_bad_rows_are_counted_and_the_first_ten_told(tmp_path: Path) -> None:
    bad = [(f"Nowhere {number}", "", "51.7", "-0.3") for number in range(12)]
    far = ("AL1 2AA", "", "48.85", "2.35")
    odd = ("AL1 2AB", "", "north", "-0.3")
    said = load(write(tmp_path / "places.csv", ons(ONS_NEW, PLACES[0], odd, *bad, far, PLACES[1]) + '"AL1 1AB",""\n'))
    assert Postcode.objects.count() == 2
    assert "15 bad rows were left out" in said
    assert "places.csv, line 3: “north, -0.3” is no position." in said
    assert "places.csv, line 4: “Nowhere 0” is no postcode." in said
    assert said.count("places.csv, line") == 10


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is not a file of ONS"),
        (b"name,address\nSt Albans,1 High Street\n", "is not a file of ONS"),
        (b"%PDF-1.7\n\0\xff\xfe", "is not a file of ONS"),
        ((ONS_NEW + "\n").encode(), "no row in it to load"),
        (ons(ONS_NEW, ("x", "", "1", "1")).encode(), "no row in it to load. file, line 2: “x” is no postcode."),
        (ons(ONS_NEW, *PLACES).encode("utf-16"), "is not a file of ONS"),
        (GEONAMES.encode("latin-1"), "line 4 is not text in UTF-8"),
        (ons(ONS_NEW, *PLACES).encode() + b"\0\n", "line 7 is not text in UTF-8"),
        (ons(ONS_NEW, *PLACES).encode()[:-20], "stops in the middle of file, line 6"),
        (ons(ONS_NEW, *PLACES).encode() + b"x" * 100_000, "line 7 is longer than any line"),
        (b"PK\x03\x04 and then nothing", "is a broken or half zip file"),
    ],
)
def test_a_file_that_is_wrong_is_refused_whole(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="Nothing was loaded") as refusal:
        load(path)
    assert reason in str(refusal.value)
    assert tables() == ([], [])


def test_a_zip_that_broke_off_or_is_damaged_is_refused_whole(tmp_path: Path) -> None:
    places = [(f"AL1 {n % 10}A{letter}", "", f"51.7{n % 10}", "-0.3") for n in range(100) for letter in "ABDEFGH"]
    path = zipped(tmp_path / "ons.zip", {"a.csv": ons(ONS_NEW, *places)})
    packed = path.read_bytes()
    damaged = bytearray(packed)
    damaged[len(packed) // 2] ^= 0xFF
    for content in (packed[: len(packed) // 2], bytes(damaged)):
        path.write_bytes(content)
        with pytest.raises(CommandError, match="broken or half zip"):
            load(path)
        assert tables() == ([], [])


def test_a_file_that_is_not_there_or_several_in_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        load(tmp_path / "nothing.csv")
    both = zipped(tmp_path / "both.zip", {"a.csv": CODE_POINT, "GB.txt": GEONAMES})
    with pytest.raises(CommandError, match="several formats"):
        load(both)


def resident() -> int:
    """The memory of this process, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def many(path: Path, rows: int) -> Path:
    """A file of as many different postcodes."""
    header, line = ons(ONS_NEW, PLACES[0]).splitlines()
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    with path.open("w") as file:
        file.write(f"{header}\n")
        for number in range(rows):
            outward_code, inward = f"AL{number // 4_000}", number % 4_000
            code = f"{outward_code} {inward // 400}{letters[inward // 20 % 20]}{letters[inward % 20]}"
            file.write(line.replace("AL1 3JQ", code) + "\n")
    return path


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Kept as objects, 200,000 rows take more than a hundred megabytes; half of that is left for what the interpreter
    has not collected yet, which is the more the larger the whole process is.
    """
    PostcodeFile(many(tmp_path / "small.csv", BATCH)).load()
    file = PostcodeFile(many(tmp_path / "large.csv", 200_000))
    before, peak, read = resident(), 0, 0

    def watch(size: int) -> None:
        nonlocal peak, read
        read += size
        if read // 1_000_000 != (read - size) // 1_000_000:  # every megabyte
            peak = max(peak, resident())

    report = file.load(watch)
    assert (report.rows, report.outward_codes, read) == (200_000, 50, file.size)
    assert Postcode.objects.count() == 200_000
    assert 0 < peak < before + 50_000_000
