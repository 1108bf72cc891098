import ArgumentParser
import Foundation
import Logging
import Testing
import Wording

@testable import ServerApp

@Suite("Settings")
struct ConfigurationTests {
    /// Which of file, environment and flag give a value, and which one wins.
    @Test(
        "A flag goes before the environment, the environment before the file, the file before the default",
        arguments: [
            (false, false, false, "127.0.0.1:8620"), (true, false, false, "127.0.0.1:1"), (false, true, false, "127.0.0.1:2"),
            (true, true, false, "127.0.0.1:2"), (false, false, true, "127.0.0.1:3"), (true, false, true, "127.0.0.1:3"),
            (false, true, true, "127.0.0.1:3"), (true, true, true, "127.0.0.1:3"),
        ])
    func precedence(inFile: Bool, inEnvironment: Bool, asFlag: Bool, expected: String) throws {
        let file = try inFile ? ConfigurationFile(parsing: "# ours\nlisten: 127.0.0.1:1\n", path: "s.yaml") : nil
        let resolved = try ServerConfiguration.resolve(
            file: file, environment: inEnvironment ? ["BUNTAN_SERVER_LISTEN": "127.0.0.1:2"] : [:],
            flags: asFlag ? [.listen: "127.0.0.1:3"] : [:])
        #expect(resolved.configuration.listen.description == expected)
        let source: ConfigurationSource =
            asFlag
            ? .flag("--listen")
            : inEnvironment ? .variable("BUNTAN_SERVER_LISTEN") : inFile ? .file(path: "s.yaml", line: 2) : .fallback
        #expect(resolved.settings.first { $0.key == .listen }?.source == source)
    }

    @Test("Every key can be given in each of the three ways", arguments: ConfigurationKey.allCases)
    func everyKey(key: ConfigurationKey) throws {
        let samples: [ConfigurationKey: String] = [
            .data: "/d", .listen: "127.0.0.2:9", .serverName: "s.example", .tlsCert: "/c", .tlsKey: "/k", .insecure: "true", .open: "true",
            .logFormat: "json", .logLevel: "debug", .maxConnections: "7", .maxAddressConnections: "6", .maxRequests: "8",
            .quotaSpaceBytes: "9MiB",
            .quotaOrganisationBytes: "10MiB", .quotaOrganisationSpaces: "11", .quotaDevicesPerOrganisation: "12",
            .quotaOrganisationWaiting: "13", .quotaDeviceWaiting: "14",
        ]
        let value = try #require(samples[key])
        // Certificate and key only go together.
        var partners: [ConfigurationKey: String] = [:]
        if key == .tlsCert { partners[.tlsKey] = "/k" }
        if key == .tlsKey { partners[.tlsCert] = "/c" }

        let parts = key.rawValue.split(separator: ".")
        let yaml = parts.count == 2 ? "\(parts[0]):\n  \(parts[1]): \(value)\n" : "\(key.rawValue): \(value)\n"
        let file = try ServerConfiguration.resolve(
            file: ConfigurationFile(parsing: yaml, path: "s.yaml"), environment: [:], flags: partners)
        let environment = try ServerConfiguration.resolve(file: nil, environment: [key.variable: value], flags: partners)
        let isSwitch = key == .insecure || key == .open
        let options = try ConfigurationOptions.parse(isSwitch ? [key.flag] : [key.flag, value])
        #expect(options.flags == [key: value])
        let flag = try ServerConfiguration.resolve(file: nil, environment: [:], flags: options.flags.merging(partners) { $1 })
        let fallback = try ServerConfiguration.resolve(file: nil, environment: [:], flags: [:])
        #expect(file.configuration == flag.configuration)
        #expect(environment.configuration == flag.configuration)
        #expect(flag.configuration != fallback.configuration)
    }

    @Test(
        "A file that is wrong is refused with the line",
        arguments: [
            ("data: /d\nlisen: x\n", ConfigurationFault.unknownKey("lisen", path: "s.yaml", line: 2)),
            ("quotas:\n  space-bytes: 1\n  rooms: 2\n", .unknownKey("quotas.rooms", path: "s.yaml", line: 3)),
            ("data: [a, b]\n", .notOneValue("data", path: "s.yaml", line: 1)),
            ("quotas: 5\n", .unknownKey("quotas", path: "s.yaml", line: 1)),
            ("- data\n", .fileMalformed(path: "s.yaml", line: 1, column: 1)),
        ])
    func wrongFile(text: String, fault: ConfigurationFault) {
        #expect(throws: fault) { try ConfigurationFile(parsing: text, path: "s.yaml") }
    }

    @Test("A key that stands twice and a file that is no YAML are refused with their lines")
    func brokenFile() throws {
        #expect(throws: ConfigurationFault.self) { try ConfigurationFile(parsing: "data: a\nopen: true\ndata: b\n", path: "s.yaml") }
        do {
            _ = try ConfigurationFile(parsing: "data: a\nopen: \"unclosed\n", path: "s.yaml")
            Issue.record("taken")
        } catch {
            guard case .fileMalformed("s.yaml", let line, _) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(line >= 2)
        }
    }

    @Test("An empty file gives nothing", arguments: ["", "# nothing\n", "---\n"])
    func emptyFile(text: String) throws {
        #expect(try ConfigurationFile(parsing: text, path: "s.yaml").settings.isEmpty)
    }

    @Test("A variable that is no setting is refused; the file's own and those of others are not")
    func strangers() throws {
        #expect(throws: ConfigurationFault.unknownVariable("BUNTAN_SERVER_LISEN")) {
            try ServerConfiguration.resolve(file: nil, environment: ["BUNTAN_SERVER_LISEN": "x"], flags: [:])
        }
        _ = try ServerConfiguration.resolve(
            file: nil, environment: ["BUNTAN_SERVER_CONFIG": "x", "BUNTAN_LANG": "ja", "PATH": "/"], flags: [:])
    }

    @Test(
        "A value that cannot be is refused with its key",
        arguments: [
            (ConfigurationKey.listen, "localhost"), (.listen, ":80"), (.listen, "h:65536"), (.listen, "::1:80"), (.listen, "h:+1"),
            (.insecure, "maybe"), (.logFormat, "xml"), (.logLevel, "loud"), (.maxConnections, "0"), (.maxRequests, "-1"),
            (.quotaSpaceBytes, "1GB"), (.quotaSpaceBytes, "9999999999TiB"), (.serverName, "two words"), (.data, ""),
        ])
    func invalid(key: ConfigurationKey, value: String) {
        #expect(throws: ConfigurationFault.invalid(key, value: value, source: .flag(key.flag))) {
            try ServerConfiguration.resolve(file: nil, environment: [:], flags: [key: value])
        }
    }

    @Test(
        "Outside loopback TLS is required or refused by name",
        arguments: [
            ("127.0.0.1:1", [:], nil), ("[::1]:1", [:], nil), ("localhost:1", [:], nil),
            ("0.0.0.0:1", [.serverName: "s"], ConfigurationFault.tlsRequired(listen: "0.0.0.0:1")),
            ("[::]:1", [.serverName: "s"], .tlsRequired(listen: "[::]:1")),
            ("127.0.0.1.example:1", [.serverName: "s"], .tlsRequired(listen: "127.0.0.1.example:1")),
            ("0.0.0.0:1", [.serverName: "s", .insecure: "true"], nil), ("0.0.0.0:1", [.serverName: "s", .tlsCert: "c", .tlsKey: "k"], nil),
            ("0.0.0.0:1", [.tlsCert: "c", .tlsKey: "k"], .serverNameRequired(listen: "0.0.0.0:1")),
            ("127.0.0.1:1", [.tlsCert: "c"], .tlsIncomplete(missing: .tlsKey)),
            ("127.0.0.1:1", [.tlsKey: "k"], .tlsIncomplete(missing: .tlsCert)),
        ] as [(String, [ConfigurationKey: String], ConfigurationFault?)])
    func tlsRequired(listen: String, others: [ConfigurationKey: String], fault: ConfigurationFault?) throws {
        let flags = others.merging([.listen: listen]) { $1 }
        if let fault {
            #expect(throws: fault) { try ServerConfiguration.resolve(file: nil, environment: [:], flags: flags) }
        } else {
            #expect(try ServerConfiguration.resolve(file: nil, environment: [:], flags: flags).configuration.listen.description == listen)
        }
    }

    @Test("What is printed is a file that gives the same configuration, with the origin of each value")
    func printed() throws {
        let flags: [ConfigurationKey: String] = [.quotaSpaceBytes: "2GiB", .serverName: "s.example"]
        let resolved = try ServerConfiguration.resolve(file: nil, environment: ["BUNTAN_SERVER_OPEN": "yes"], flags: flags)
        let lines = resolved.lines(in: .en)
        #expect(lines.count == ConfigurationKey.allCases.count)
        #expect(lines.contains { $0.hasPrefix("quotas.space-bytes: 2GiB ") && $0.hasSuffix("# flag --quotas-space-bytes") })
        #expect(lines.contains { $0.hasPrefix("open: yes ") && $0.hasSuffix("# environment BUNTAN_SERVER_OPEN") })
        #expect(lines.contains { $0.hasPrefix("listen: 127.0.0.1:8620 ") && $0.hasSuffix("# default") })
        let again = try ConfigurationFile(parsing: lines.joined(separator: "\n"), path: "s.yaml")
        #expect(try ServerConfiguration.resolve(file: again, environment: [:], flags: [:]).configuration == resolved.configuration)
    }

    @Test("A file that cannot be read is named")
    func missingFile() {
        #expect(throws: ConfigurationFault.fileUnreadable(path: "/nowhere/s.yaml")) { try ConfigurationFile(reading: "/nowhere/s.yaml") }
    }
}
