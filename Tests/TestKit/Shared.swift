/// A large value behind one reference: copying it copies the reference, and looking at a part of it copies that part alone.
///
/// It stays a value: whoever changes it while others hold it gets one of its own.
struct Shared<Value: Sendable>: Sendable {
    // Safe to send: what others hold too is never changed.
    private final class Storage: @unchecked Sendable {
        var value: Value
        init(_ value: Value) { self.value = value }
    }

    private var storage: Storage

    init(_ value: Value) { storage = Storage(value) }

    var value: Value {
        _read { yield storage.value }
        _modify {
            if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.value) }
            yield &storage.value
        }
    }
}
