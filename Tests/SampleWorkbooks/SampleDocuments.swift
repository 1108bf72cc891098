/// Small documents of nested members, one of each format that is read: matrices of OSCAL, OpenControl and our own, catalogues and the like.
package enum SampleDocuments {
    package static let all = [
        """
        {"system-security-plan": {"uuid": "11111111-0000-4000-8000-000000000000", "system-implementation": {"components": [
          {"uuid": "c1", "type": "this-system", "title": "Us"}, {"uuid": "c2", "title": "Data"}]}, "control-implementation": {
          "implemented-requirements": [{"uuid": "r1", "control-id": "ac-2", "props": [{"name": "control-origination", "value": "inherited"}],
          "statements": [{"statement-id": "ac-2_smt.a", "by-components": [{"component-uuid": "c1", "description": "d", "export": {
          "provided": [{"uuid": "p1", "description": "x"}], "responsibilities": [{"provided-uuid": "p1", "description": "y"}]}},
          {"component-uuid": "c2", "description": "e", "implementation-status": {"state": "planned"}}]}]}]}}}
        """,
        """
        name: Works
        schema_version: 3.0.0
        satisfies:
          - {standard_key: NIST-800-53, control_key: AC-2 (1), control_origins: [shared], narrative: [{key: a, text: &t words}]}
          - {standard_key: Own, control_key: 1.10, narrative: *t, implementation_status: partial}
        """,
        """
        {"format": "buntan.matrix-export/1", "rows": [{"row": {"framework": "own", "controlId": "A-1", "itemKey": "main"}, "fields":
          {"allocation": "shared", "topic": {"en": "t"}, "derived": true, "foundStatuses": ["implemented"]}}], "records": [{}]}
        """,
        """
        {"catalog": {"metadata": {"title": "Own rules", "version": "1", "links": [{"rel": "source-profile"}]}, "groups": [{"title": "G",
          "controls": [{"id": "a-1", "title": "One", "props": [{"name": "status", "value": "withdrawn"}], "controls": [{"id": "a-1.1"}]}]}]}}
        """,
        """
        {"profile": {"metadata": {"title": "Own rules Low"}, "imports": [{"href": "#x", "include-controls": [{"with-ids": ["a-1", "a-2"],
          "matching": [{"pattern": "b-*"}]}], "exclude-controls": [{"with-ids": ["a-2"]}]}]}}
        """,
        """
        {"mapping-collection": {"provenance": {"method": "manual"}, "mappings": [{"source-resource": {"href": "own.json"},
          "target-resource": {"href": "rev5/catalog.json"}, "maps": [{"relationship": "subset-of", "sources": [{"id-ref": "a-1"}],
          "targets": [{"id-ref": "ac-2_smt.a"}, {"id-ref": "ac-3"}]}]}]}}
        """,
        """
        {"fedramp-values": {"value-set": [{"name": "a"}]}}
        """,
    ]
}
