"""The register as open data: a CSV, its description as a data package, and as a DCAT catalogue. Nobody's name is in it.

What is told of an asset is what a citizen may ask about: what it is, when it was bought, for how much, from which
money, how it is. Serials, rooms, custodians, suppliers, invoices and notes stay in the school.
"""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.etree import ElementTree

from inventory.asset import Asset
from inventory.saying import name_of

FIELDS = (
    "tag",
    "kind",
    "name",
    "manufacturer",
    "model",
    "status",
    "condition",
    "country",
    "purchase_date",
    "in_use_since",
    "purchase_cost",
    "funding_source",
)
CSV, PACKAGE, CATALOGUE_JSON, CATALOGUE_XML = "assets.csv", "datapackage.json", "catalog.jsonld", "catalog.xml"
_TYPES = {"purchase_date": "date", "in_use_since": "date", "purchase_cost": "integer"}
_DCAT, _TERMS = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Publisher:
    """Who publishes: the site's id and the school's name, and the day on which it did."""

    site: str
    name: str
    day: date

    @property
    def title(self) -> str:
        return f"Tài sản công nghệ thông tin của {self.name}"


def open_data(assets: Sequence[Asset], publisher: Publisher) -> dict[str, str]:
    """File name -> content. What is only planned or ordered is not told."""
    told = [asset for asset in assets if asset.status not in ("planned", "ordered")]
    return {
        CSV: _csv(told),
        PACKAGE: _json(_package(publisher)),
        CATALOGUE_JSON: _json(_catalogue(publisher)),
        CATALOGUE_XML: _catalogue_xml(publisher),
    }


def _csv(assets: Sequence[Asset]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FIELDS)
    writer.writerows([getattr(asset, name) for name in FIELDS] for asset in assets)
    return out.getvalue()


def _package(publisher: Publisher) -> dict[str, Any]:
    fields = [
        {
            "name": name,
            "type": _TYPES.get(name, "string"),
            "title": name_of(name, "vi"),
            **({"constraints": {"required": True, "unique": True}} if name == "tag" else {}),
        }
        for name in FIELDS
    ]
    return {
        "profile": "tabular-data-package",
        "name": f"sonca-{publisher.site}-assets",
        "title": publisher.title,
        "created": publisher.day.isoformat(),
        "licenses": [{"name": "CC-BY-4.0", "path": _LICENCE}],
        "contributors": [{"title": publisher.name, "role": "publisher"}],
        "resources": [
            {
                "name": "assets",
                "path": CSV,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {"fields": fields, "primaryKey": "tag", "missingValues": [""]},
            }
        ],
    }


def _catalogue(publisher: Publisher) -> dict[str, Any]:
    return {
        "@context": {"dcat": _DCAT, "dct": _TERMS},
        "@type": "dcat:Catalog",
        "dct:title": publisher.title,
        "dcat:dataset": {
            "@type": "dcat:Dataset",
            "dct:identifier": f"sonca-{publisher.site}-assets",
            "dct:title": publisher.title,
            "dct:publisher": publisher.name,
            "dct:issued": publisher.day.isoformat(),
            "dct:language": "vi",
            "dct:license": _LICENCE,
            "dcat:distribution": {
                "@type": "dcat:Distribution",
                "dcat:downloadURL": CSV,
                "dcat:mediaType": "text/csv",
            },
        },
    }


def _catalogue_xml(publisher: Publisher) -> str:
    for prefix, address in (("dcat", _DCAT), ("dct", _TERMS), ("rdf", _RDF)):
        ElementTree.register_namespace(prefix, address)
    root = ElementTree.Element(f"{{{_RDF}}}RDF")
    _add(root, _catalogue(publisher))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _add(parent: ElementTree.Element, node: dict[str, Any]) -> None:
    element = ElementTree.SubElement(parent, _expanded(node["@type"]))
    for key, value in node.items():
        if key.startswith("@"):
            continue
        child = ElementTree.SubElement(element, _expanded(key))
        if isinstance(value, dict):
            _add(child, value)
        else:
            child.text = value


def _expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_DCAT if prefix == 'dcat' else _TERMS}}}{local}"


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
