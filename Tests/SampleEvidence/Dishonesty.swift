import Agreements
import BuntanProtocol
import ChangeLog
import Merging
import Records
import TestKit

/// What a party or a log's keeper did wrong, and what has to be found then.
struct Dishonesty: CustomStringConvertible, Sendable {
    let description: String
    let findings: [String]
    let plan: @Sendable () -> TwoLogs.Plan
}

extension Dishonesty {
    private static func plan(_ change: @Sendable (inout TwoLogs.Plan) -> Void) -> TwoLogs.Plan {
        var plan = TwoLogs.Plan()
        change(&plan)
        return plan
    }

    /// The customer's signature with other words beside the same signature bytes.
    private static func reworded(
        _ signature: PartySignature, name: String? = nil, organisation: OrganisationID? = nil, views: [SpaceID: Base]? = nil,
        agreement: RecordID? = nil
    ) -> PartySignature {
        PartySignature(
            record: signature.record, agreement: agreement ?? signature.agreement, organisation: organisation ?? signature.organisation,
            device: signature.device, name: name ?? signature.name, title: signature.title, views: views ?? signature.views,
            signature: signature.signature, place: nil)
    }

    /// Signs other views in earnest.
    private static func signing(_ logs: TwoLogs, _ signature: PartySignature, views: [SpaceID: Base]) -> PartySignature {
        PartySignature(
            record: signature.record, of: logs.document, digest: SHA.digest(logs.document.encoded()), organisation: signature.organisation,
            name: signature.name, title: signature.title, views: views, key: logs.customer.device.signing)
    }

    static let all: [Dishonesty] = [
        Dishonesty(description: "a device nobody enrolled", findings: ["key-unknown", "signature-missing"]) {
            plan { $0.signer = { $0.other.signing } }
        },
        Dishonesty(description: "a device enrolled afterwards", findings: ["key-unknown", "signature-missing"]) {
            plan {
                $0.signer = { $0.other.signing }
                $0.after = { try $0.enrolOther(.all) }
            }
        },
        Dishonesty(description: "a device without the right to sign", findings: ["key-no-right", "signature-missing"]) {
            plan {
                $0.signer = { $0.other.signing }
                $0.before = { try $0.enrolOther([.read, .write]) }
            }
        },
        Dishonesty(description: "a device revoked before", findings: ["key-revoked", "signature-missing"]) {
            plan {
                $0.signer = { $0.other.signing }
                $0.before = { logs in
                    try logs.enrolOther(.all)
                    try logs.customerSays(.revoke(device: logs.other.device, compromisedAfter: nil))
                }
            }
        },
        Dishonesty(description: "a device found compromised later", findings: ["signature-contested"]) {
            plan {
                $0.after = { logs in
                    try logs.customerSays(.revoke(device: logs.customer.device.device, compromisedAfter: 99))
                }
            }
        },
        Dishonesty(
            description: "a device of which the service's log alone tells that it was compromised", findings: ["signature-contested"]
        ) {
            plan {
                $0.after = { logs in
                    logs.service.append(logs.providerWord(.revoke(device: logs.provider.device.device, compromisedAfter: 99)), received: 50)
                }
            }
        },
        Dishonesty(description: "an organisation that says one thing in one log and another in the other", findings: ["statement-bad"]) {
            plan {
                $0.after = { logs in
                    let (one, two) = (
                        logs.providerWord(.enrolling(logs.other, in: logs.provider.organisation, capabilities: .all, label: "a")),
                        logs.providerWord(.enrolling(logs.other, in: logs.provider.organisation, capabilities: .all, label: "b"))
                    )
                    logs.engagement.append(one, received: 50)
                    logs.service.append(two, received: 50)
                }
            }
        },
        Dishonesty(description: "an engagement that no admin of the provider gave an invitation to", findings: ["statement-bad"]) {
            plan { $0.inviter = { $0.device.signing } }
        },
        Dishonesty(description: "an end on no day", findings: ["entry-bad"]) {
            plan {
                $0.after = { logs in
                    logs.ends = [
                        try logs.engagement.make(
                            RecordID.timeOrdered(millis: 8, random: Nonce(high: 8, low: 8)), AgreementEnding.kind,
                            [CellKey("agreement"): .id(logs.document.agreement), CellKey("endsOn"): .text("soon")],
                            by: logs.provider.device.signing, received: 250)
                    ]
                }
            }
        },
        Dishonesty(description: "a signature written by the other party", findings: ["signature-missing"]) {
            plan { $0.writer = { $0.provider.device.signing } }
        },
        Dishonesty(
            description: "a signature in the other party's name alone",
            findings: ["signature-foreign", "signature-missing", "signature-missing"]
        ) {
            plan {
                $0.writer = { $0.provider.device.signing }
                $0.ours = { _ in nil }
            }
        },
        Dishonesty(description: "an end by a device that may not write there", findings: ["entry-bad"]) {
            plan {
                $0.before = { try $0.enrolOther([.read]) }
                $0.after = { logs in
                    logs.ends = [
                        try logs.engagement.make(
                            RecordID.timeOrdered(millis: 8, random: Nonce(high: 8, low: 8)), AgreementEnding.kind,
                            [CellKey("agreement"): .id(logs.document.agreement), CellKey("endsOn"): .text("2026-12-10")],
                            by: logs.other.signing, received: 250)
                    ]
                }
            }
        },
        Dishonesty(description: "a view of a log that has no part in it", findings: ["view-bad", "signature-missing"]) {
            plan {
                $0.signature = { signature, logs in
                    var views = signature.views
                    views[SpaceID(high: 8, low: 8)] = Base(epoch: 0, size: 2, root: SHA.empty)
                    return signing(logs, signature, views: views)
                }
            }
        },
        Dishonesty(description: "another name than was signed", findings: ["signature-bad", "signature-missing"]) {
            plan { $0.signature = { signature, _ in reworded(signature, name: "Somebody Else") } }
        },
        Dishonesty(description: "a signature under another agreement", findings: ["signature-missing", "file-unneeded"]) {
            plan {
                $0.signature = { signature, _ in
                    reworded(signature, agreement: RecordID.timeOrdered(millis: 1, random: Nonce(high: 0, low: 0)))
                }
            }
        },
        Dishonesty(description: "views changed after signing", findings: ["signature-bad", "signature-missing"]) {
            plan { $0.signature = { signature, logs in reworded(signature, views: [logs.service.space: logs.service.base]) } }
        },
        Dishonesty(description: "a view of a log that was never there", findings: ["view-bad", "signature-missing"]) {
            plan {
                $0.signature = { signature, logs in
                    var views = signature.views
                    views[logs.service.space] = Base(epoch: 0, size: 2, root: SHA.empty)
                    return signing(logs, signature, views: views)
                }
            }
        },
        Dishonesty(description: "a view of another epoch", findings: ["view-bad", "signature-missing"]) {
            plan {
                $0.signature = { signature, logs in
                    var views = signature.views
                    views[logs.engagement.space] = Base(epoch: 1, size: logs.engagement.base.size, root: logs.engagement.base.root)
                    return signing(logs, signature, views: views)
                }
            }
        },
        Dishonesty(description: "no view of the service", findings: ["view-missing", "signature-missing"]) {
            plan {
                $0.signature = { signature, logs in
                    signing(logs, signature, views: signature.views.filter { $0.key != logs.service.space })
                }
            }
        },
        Dishonesty(description: "a release other than the one named", findings: ["release-changed"]) {
            plan { $0.named = { _ in SHA.empty } }
        },
        Dishonesty(description: "a row that the release holds otherwise", findings: ["release-bad"]) {
            plan { $0.manifest = { $0.map { ($0.0, SHA.empty) } } }
        },
        Dishonesty(description: "a row that the release does not hold", findings: ["release-bad"]) {
            plan { $0.manifest = { _ in [] } }
        },
        Dishonesty(description: "a server's word under a stranger's key", findings: ["statement-bad"]) {
            plan {
                $0.after = { logs in
                    let word = ServerStatement(space: logs.engagement.space, act: .key(logs.provider.device.device)).signed(
                        by: logs.provider.root)
                    logs.engagement.append(Entry(kind: .server, received: 1, content: word.bytes, signature: word.signature))
                }
            }
        },
    ]
}
