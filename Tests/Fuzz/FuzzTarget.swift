/// A reader of bytes from outside, and what must hold whatever they are.
struct FuzzTarget {
    let name: String
    /// Good bytes that inputs are made from.
    let corpus: [[UInt8]]
    /// Makes an input of one of them.
    let make: (inout Inputs, [UInt8]) -> [UInt8]
    /// Reads the bytes: says whether they were taken, and throws `Finding` where what was taken is not what it may be.
    let judge: ([UInt8]) throws -> Bool
}

/// Something that a reader did and must not.
struct Finding: Error {
    let sentence: String
}
