"""Which settable properties of the template's resource types no row of assets/properties decides; fails when there are any."""

import glob
import json
import sys
import tomllib

schemas = sys.argv[1]
sys.path.insert(0, schemas)
import armcheck  # noqa: E402

ENVELOPE = {"apiVersion", "type", "name", "dependsOn", "comments", "resources", "condition", "copy", "scope", "metadata"}
# What names the schema's branches and is no property.
BRANCHES = ("x-any", "x-alt", "oneOf", "anyOf")

store = armcheck.Store(False)
rows = [
    (row["type"].lower(), at.lower().removesuffix(".*"), at.endswith(".*") or row["rule"] == "none")
    for asset in glob.glob("assets/properties/*.toml")
    for row in tomllib.load(open(asset, "rb")).get("row", [])
    for at in row["at"]
]
types = {
    (resource["type"], resource["apiVersion"])
    for fragment in glob.glob("assets/template/*.json")
    for resource in json.load(open(fragment)).get("resources", {}).values()
}


def leaves(schema, base, path, found, above):
    """The places in a body at which a value can be set, without the marks of list items."""
    schema, base = store.deref(schema, base)
    if not isinstance(schema, dict):
        return found.add(path)
    schema = store.norm(schema, base)
    mark = json.dumps(schema, sort_keys=True)[:4000]
    if mark in above and ("properties" in schema or "x-disc" in schema):
        return found.add(path)
    above = [*above, mark]
    for branch in BRANCHES:
        if branch in schema and "properties" not in schema:
            for one in schema[branch]:
                if not store.isexprref(one):
                    leaves(one, base, path, found, above)
            return None
    if "x-disc" in schema:
        for one in schema["x-disc"]["variants"].values():
            leaves(one, base, path, found, above)
        return None
    if schema.get("type") == "array" or "items" in schema:
        return leaves(schema.get("items", {}), base, path, found, above)
    members, *_ = store.flat(schema, base)
    for name, member in members.items():
        if path or name not in ENVELOPE:
            leaves(member, base, f"{path}.{name}" if path else name, found, above)
    if not members:
        found.add(path)
    return None


def is_decided(kind, path):
    path = path.lower()
    return any(
        own in (kind.lower(), "*") and (path == at or (below and path.startswith(at + ".")))
        for own, at, below in rows
    )


seen, undecided = 0, []
for kind, version in sorted(types):
    known = store.index.get(kind.lower())
    # A type that the schemas do not have is written only, and judged by what it writes into its parent.
    for reference in known[1].get(version, []) if known else []:
        base = armcheck.BASE + reference["file"].replace("__", "/")
        found = set()
        leaves(store.rawdoc(base)[reference["section"]][reference["name"]], base, "", found, [])
        seen += len(found)
        undecided += [f"{kind} {version}: {path}" for path in sorted(found) if not is_decided(kind, path)]
    if known and version not in known[1]:
        undecided.append(f"{kind} {version}: the schemas have no such version")

print(f"{seen} properties of {len(types)} types, {len(undecided)} undecided")
for each in undecided:
    print(f"  {each}")
if undecided or seen < 1000:
    sys.exit("Decide each in assets/properties: no value opens anything, or the values with which it does not.")
