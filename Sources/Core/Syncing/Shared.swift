/// A large value behind one reference: copying it copies the reference, and looking at a part of it copies that part alone.
///
/// It stays a value: whoever changes it while others hold it gets one of its own.
package struct Shared<Value: Sendable>: Sendable {
    // Safe to send unchecked: a value that others hold too is never changed, and one that is changed has one holder. A class that
    // never changes would copy a store in memory whole with each write.
    @usableFromInline
    package final class Storage: @unchecked Sendable {
        // Changed by its one holder alone, which the check of unique reference sees to.
        @exclusivity(unchecked) @usableFromInline package var value: Value
        @inlinable
        package init(_ value: Value) { self.value = value }
    }

    @usableFromInline package var storage: Storage

    @inlinable
    package init(_ value: Value) { storage = Storage(value) }

    @inlinable
    package var value: Value {
        _read { yield storage.value }
        _modify {
            if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.value) }
            yield &storage.value
        }
    }
}
