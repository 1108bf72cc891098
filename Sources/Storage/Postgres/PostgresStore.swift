/// Will keep spaces in PostgreSQL, for servers of several processes (sync.md section 9).
///
/// The port asks for nothing that this engine lacks: positions come from the counter in `space`, bumped in the writing
/// transaction. What is to come: a `SpaceStore` over libpq with an actor for each connection, one pipelined round trip a
/// transaction, row-level security as a second wall, and the conformance suite of TestKit run against it.
package enum PostgresStore {}
