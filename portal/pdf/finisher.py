"""Last touches on a PDF before it is written: the claim of PDF/UA-1, the scope of table headers, the words of links."""

import pydyf

# PDF/A allows a metadata entry it does not know only with its description beside it (ISO 19005-3, 6.6.2.3.2).
_CLAIM = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"\
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""
_END = b"</rdf:RDF>"


def finish(document, pdf) -> None:
    """WeasyPrint's hook: `document` is its Document, `pdf` the pydyf.PDF about to be written."""
    _claim_accessibility(pdf)
    _scope_headers(pdf)
    _word_links(document)
    _list_files_once(pdf)


def _claim_accessibility(pdf) -> None:
    [metadata] = [item for item in pdf.objects if getattr(item, "extra", {}).get("Type") == "/Metadata"]
    [content] = metadata.stream
    metadata.stream = [content.replace(_END, _CLAIM + _END)]
    # Archives read it without unpacking anything.
    metadata.compress = False


def _scope_headers(pdf) -> None:
    """A header in a table's head is its column's, any other is its row's."""
    elements = {item.reference: item for item in pdf.objects if isinstance(item, pydyf.Dictionary) and "S" in item}
    for element in elements.values():
        if element["S"] == "/TH" and "A" in element:
            row = elements[element["P"]]
            head = elements[row["P"]]["S"] == "/THead"
            element["A"]["Scope"] = "/Column" if head else "/Row"


def _list_files_once(pdf) -> None:
    """WeasyPrint names each attachment twice among the document's associated files."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def _word_links(document) -> None:
    """A screen reader says a link's words, not its address."""
    for page in document.pages:
        for _, _, _, box in page.links:
            if box.link_annotation and box.element is not None:
                words = " ".join("".join(box.element.itertext()).split())
                box.link_annotation["Contents"].string = words
