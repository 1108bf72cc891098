/// What both parties sign: the settled record, the document, its status. Comes with agreements.
enum AgreementsRoom {}
