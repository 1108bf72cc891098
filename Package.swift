// swift-tools-version:6.2
import PackageDescription

// The plan of the house: targets stand from the ground up, and each imports only what stands above it here.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// A released program keeps no names for others and few places to fill in when it starts: less memory, and half the time.
let released = LinkerSetting.unsafeFlags(
    ["-use-ld=lld"] + ["-z", "pack-relative-relocs", "--no-export-dynamic", "--exclude-libs", "ALL"].flatMap { ["-Xlinker", $0] },
    .when(platforms: [.linux], configuration: .release))

func room(_ name: String, _ path: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], resources: [Resource] = [])
    -> Target
{
    .target(name: name, dependencies: dependencies, path: path, exclude: exclude, resources: resources, swiftSettings: settings)
}
func program(_ name: String, _ path: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: path, exclude: exclude, swiftSettings: settings, linkerSettings: [released])
}
func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, path: "Tests/\(name)", resources: resources, swiftSettings: settings)
}

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let nioLocks: Target.Dependency = .product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

/// The tables of the standard, which a program holds: it needs no files beside it.
let catalogue: [Resource] = ["clauses", "controls", "editions", "guidance", "supersessions"].map { .embedInCode("Catalogue/\($0).tsv") }
/// What kinds, fields and codes are called.
let labels: [Resource] = ["kinds", "fields", "codes"].map { .embedInCode("Labels/\($0).tsv") }
let rules: [Resource] = [.embedInCode("Rules/rules.tsv")]
let core: [Target.Dependency] = ["BuntanProtocol", "Records", "Merging", "ChangeLog", "Agreements", "Syncing"]

let package = Package(
    name: "buntan",
    products: [
        .executable(name: "buntan", targets: ["ClientCLI"]),
        .executable(name: "buntan-server", targets: ["ServerApp"]),
        .executable(name: "buntan-bench", targets: ["Benchmarks"]),
        .executable(name: "buntan-simulate", targets: ["Simulate"]),
        .executable(name: "buntan-fuzz", targets: ["Fuzz"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        // C libraries of the system.
        .systemLibrary(name: "CZip", path: "Sources/System/CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .systemLibrary(name: "CZstd", path: "Sources/System/CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CZlib", path: "Sources/System/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CXLSXWriter", path: "Sources/System/CXLSXWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
        .systemLibrary(name: "CMalloc", path: "Sources/System/CMalloc"),
        .systemLibrary(name: "CSpawn", path: "Sources/System/CSpawn"),

        // The ground both parties stand on.
        room(
            "BuntanProtocol", "Protocol", [crypto], exclude: ["PROTOCOL.md", "Vectors"], resources: [.embedInCode("Schema/editions.tsv")]),

        // The pure core.
        room("Records", "Sources/Core/Records", ["BuntanProtocol"]),
        room("Merging", "Sources/Core/Merging", ["BuntanProtocol", "Records"]),
        room("ChangeLog", "Sources/Core/ChangeLog", ["BuntanProtocol", crypto, cryptoExtras]),
        room("Agreements", "Sources/Core/Agreements", ["BuntanProtocol", "Records", "Merging", "ChangeLog"]),
        room("Syncing", "Sources/Core/Syncing", ["BuntanProtocol", "Records", "Merging", "ChangeLog", "Agreements"]),
        room("Rules", "Sources/Core/Rules", ["BuntanProtocol", "Records", "Merging"], resources: catalogue + rules),
        room("Workbooks", "Sources/Core/Workbooks", ["CZip"]),
        room("Interchange", "Sources/Core/Interchange", ["BuntanProtocol", "Records", "Workbooks", yams]),

        // Workbooks as files.
        room("Spreadsheets", "Sources/Spreadsheets", ["CXLSXWriter", "Interchange", "Wording"]),

        // Where things are kept.
        room("Storage", "Sources/Storage/Ports", core),
        room("StorageSQLite", "Sources/Storage/SQLite", core + ["Storage", grdb, grdbSQLite]),
        room("StoragePostgres", "Sources/Storage/Postgres", core + ["Storage"]),

        // What each side does.
        room("Replica", "Sources/Replica", core + ["Rules", "Storage"]),
        room("Exchange", "Sources/Exchange", core + ["Storage", crypto]),

        // Bytes between the two programs: compression and the frame both HTTP ends share.
        room("Wire", "Sources/Wire", ["BuntanProtocol", "CZstd", "CZlib"]),

        // How a client reaches its server.
        room(
            "ClientTransport", "ClientCLI/Transport",
            ["BuntanProtocol", "Replica", "Wire", httpClient, nioCore, nioPosix, nioSSL, nioHTTP1]),

        // Every sentence of both programs, in English and Japanese.
        room("Wording", "Sources/Wording", resources: labels),

        // The two programs.
        program(
            "ServerApp", "ServerApp",
            core + [
                "Storage", "StorageSQLite", "Exchange", "Wire", "Wording", "CMalloc", hummingbird, hummingbirdCore, httpTypes, logging,
                lifecycle,
                unixSignals, nioCore, nioPosix, nioSSL, arguments, yams,
            ],
            exclude: ["systemd", "Manual"]),
        program(
            "ClientCLI", "ClientCLI",
            core + [
                "Storage", "StorageSQLite", "Replica", "Rules", "Interchange", "Workbooks", "Spreadsheets", "Wire", "Wording",
                "ClientTransport", arguments, yams, crypto,
            ],
            exclude: ["Schemas", "Manual", "Transport"]),
        // Programs beside ours, which measurements and tests start.
        room("ChildProcesses", "Tests/ChildProcesses", ["CSpawn"]),

        // What measures them.
        program(
            "Benchmarks", "Benchmarks",
            core + [
                "Rules", "Storage", "StorageSQLite", "Replica", "Exchange", "ClientTransport", "ChildProcesses", grdbSQLite, arguments,
            ],
            exclude: ["README.md"]),

        // What the tests share.
        room("TestKit", "Tests/TestKit", core + ["Storage", nioLocks]),
        room("FaultyDisks", "Tests/FaultyDisks", [grdbSQLite]),
        room("MergeReference", "Tests/MergeReference", ["BuntanProtocol"]),
        room("Mutations", "Tests/Mutations"),
        room("TestPeers", "Tests/TestPeers", ["ChildProcesses", nioCore, nioPosix, nioSSL]),
        room("SampleWorkbooks", "Tests/SampleWorkbooks", ["CZlib", "Workbooks"]),
        room("SampleEvidence", "Tests/SampleEvidence", ["BuntanProtocol", "Records", "Merging", "ChangeLog", "Agreements", "TestKit"]),
        room("Simulation", "Tests/Simulation", core + ["Storage", "Replica", "Exchange", "TestKit", "MergeReference"]),
        program("Simulate", "Tests/Simulate", ["Simulation", arguments, crypto]),
        program(
            "Fuzz", "Tests/Fuzz",
            [
                "BuntanProtocol", "Records", "Merging", "ChangeLog", "Agreements", "Syncing", "Workbooks", "Interchange", "Mutations",
                "SampleWorkbooks", "ChildProcesses", "LibFuzzer", arguments,
            ], exclude: ["Corpus"]),
        .target(name: "LibFuzzer", path: "Tests/LibFuzzer"),
        program("StorageCrasher", "Tests/StorageCrasher", core + ["Storage", "StorageSQLite", "TestKit"]),

        // One folder a room.
        tests("BuntanProtocolTests", ["BuntanProtocol", "Records", "Merging", "ChangeLog", "Agreements"]),
        tests("RecordsTests", ["BuntanProtocol", "Records"]),
        tests("MergingTests", ["BuntanProtocol", "Records", "Merging", "MergeReference"]),
        tests("ChangeLogTests", ["BuntanProtocol", "ChangeLog", "Mutations", crypto]),
        tests(
            "AgreementsTests",
            ["BuntanProtocol", "Records", "Merging", "ChangeLog", "Agreements", "Mutations", "SampleEvidence", "TestKit"]),
        tests("RulesTests", ["BuntanProtocol", "Records", "Rules", "Wording"]),
        tests("WorkbooksTests", ["Workbooks", "Mutations", "SampleWorkbooks"]),
        tests("InterchangeTests", ["Interchange", "Workbooks", "Spreadsheets", "Mutations", "SampleWorkbooks"]),
        tests(
            "StorageTests",
            core + ["Storage", "StorageSQLite", "TestKit", "ChildProcesses", "FaultyDisks", "StorageCrasher", grdb, grdbSQLite],
            resources: [.copy("Fixtures")]),
        tests("ExchangeTests", core + ["Storage", "Exchange", "TestKit"]),
        tests("ReplicaTests", core + ["Storage", "Replica", "Exchange", "Mutations", "TestKit"]),
        tests("SimulationTests", core + ["Storage", "Replica", "TestKit", "ChildProcesses", "Simulation", "Simulate"]),
        tests("WireTests", ["BuntanProtocol", "Wire", "CZstd", "CZlib"]),
        tests(
            "ServerAppTests",
            core + [
                "Storage", "StorageSQLite", "Exchange", "TestKit", "ChildProcesses", "FaultyDisks", "TestPeers", "ServerApp", "Wire",
                "Wording",
                grdbSQLite,
                arguments, hummingbirdCore, logging, lifecycle, nioCore, nioPosix, nioSSL, nioHTTP1,
            ]),
        tests("TransportTests", ["ClientTransport", "TestPeers", "ServerApp", "Wire", logging, lifecycle, nioCore, nioPosix, nioSSL]),
        tests("WordingTests", ["Wording"]),
        tests(
            "CommandTests",
            core + [
                "ChildProcesses", "FaultyDisks", "Mutations", "SampleEvidence", "SampleWorkbooks", "TestPeers", "ClientCLI", "ClientTransport",
                "ServerApp", "Exchange", "Interchange", "Workbooks", "Storage", "StorageSQLite", "Replica", "TestKit", "Wording", arguments,
                logging, lifecycle, grdb,
            ]),
        tests(
            "BenchmarksTests",
            [
                "BuntanProtocol", "Benchmarks", "ServerApp", "ClientCLI", "Records", "Replica", "Storage", "StorageSQLite", "Syncing",
                "TestKit", "ChildProcesses", arguments, grdbSQLite,
            ]),
        tests("TerminalTests", ["ClientCLI", "Mutations", "Wording", arguments]),
    ]
)
