// Topics about the work itself.
extension HelpTopics {
    static let gettingStartedText = Phrase(
        """
        GETTING STARTED

        Buntan keeps one agreed record of who is responsible for what between a
        cloud provider and its customers. Each works on its own copy, offline; a
        server carries signed changes between them.

        A provider
          buntan init --org "Example Cloud K.K." --server https://sync.example
          buntan service add "Object Storage" --model iaas --deployment public
          buntan import -n matrix.xlsx         shows what would go in
          buntan import matrix.xlsx            takes it into the draft
          buntan publish 2026.1 -m "first release"
          buntan invite "Kaisha K.K."          prints a code for one customer
          buntan sync

        A customer
          buntan init --org "Kaisha K.K."
          buntan join CODE
          buntan sync                          from here on the network may be off
          buntan matrix ; buntan show 12.3.1
          buntan accept 9.2.4
          buntan propose 12.3.1 --allocation shared -m "own copy"
          buntan sync

        Both
          buntan status                        where you stand, what to do next
          buntan disputes ; buntan conflicts   what is not settled
          buntan agree                         shows what will be signed, asks, signs

        Read on: buntan help rows, buntan help disputes, buntan help conflicts
        """,
        ja: """
            はじめに

            Buntanは、クラウドのプロバイダとカスタマの間で、誰が何に責任を持つかを合意した
            一つの記録にします。それぞれが手元の写しでオフラインで作業し、サーバは署名
            された変更だけを運びます。

            プロバイダ
              buntan init --org "Example Cloud K.K." --server https://sync.example
              buntan service add "Object Storage" --model iaas --deployment public
              buntan import -n matrix.xlsx         取り込まれる内容を示す
              buntan import matrix.xlsx            下書きに取り込む
              buntan publish 2026.1 -m "初版"
              buntan invite "Kaisha K.K."          カスタマ1社のコードを表示する
              buntan sync

            カスタマ
              buntan init --org "Kaisha K.K."
              buntan join コード
              buntan sync                          この後は通信がなくても使える
              buntan matrix ; buntan show 12.3.1
              buntan accept 9.2.4
              buntan propose 12.3.1 --allocation shared -m "自社でも保管"
              buntan sync

            双方
              buntan status                        現状と、次に行うこと
              buntan disputes ; buntan conflicts   片付いていないもの
              buntan agree                         内容を示し、確かめてから署名する

            続き: buntan help rows、buntan help disputes、buntan help conflicts
            """)

    static let conflictsText = Phrase(
        """
        CONFLICTS

        A conflict is two devices of your own side writing the same field without
        having seen each other. Both values are kept and shown until somebody
        chooses; no clock decides, and nothing typed is lost. A field in conflict
        cannot be signed.

          buntan conflicts                     all of them, values numbered
          buntan resolve ac-2.5 customerStatement --take 1 --seen 3fk7
          buntan resolve ac-2.5 customerStatement --value "..."
          buntan resolve ac-2.5 customerStatement --edit

        --seen names the set of values that was shown. If another value has
        arrived since, nothing is written and the new set is shown.
        Two sides that differ are no conflict: see 'buntan help disputes'.
        """,
        ja: """
            競合

            競合とは、自分の側の2台の端末が、互いの変更を見ないまま同じ項目を書くことで
            す。誰かが選ぶまで両方の値が残り、表示されます。時刻で決まることはなく、入力
            したものが失われることもありません。競合している項目には署名できません。

              buntan conflicts                     全ての競合。値には番号が付く
              buntan resolve ac-2.5 customerStatement --take 1 --seen 3fk7
              buntan resolve ac-2.5 customerStatement --value "..."
              buntan resolve ac-2.5 customerStatement --edit

            --seenは、表示された値の組を指します。その後に別の値が届いていれば、何も
            書かずに新しい組を表示します。
            双方の見解の違いは競合ではありません。「buntan help disputes」を参照。
            """)

    static let disputesText = Phrase(
        """
        DISPUTES

        Each side writes only its own position on a row. The row is agreed when the
        positions match and disputed when they differ. That is negotiation, and it
        is normal.

          buntan disputes                      rows, whose turn it is, since when
          buntan answer                        row after row, by single keys
          buntan accept ca-8                   my position equals theirs as shown here
          buntan propose ca-8 --allocation shared -m "why"
          buntan comment ca-8 "a question"     seen by both sides
          buntan note ca-8 "a reminder"        never leaves your organisation

        The turn is with the side that did not move last. A row whose words change
        after it was accepted counts as reworded until it is accepted again.

        A customer's answer on a control counts for the control's items until they
        have one of their own. Lists mark it, and an agreement holds it as it stands.
        """,
        ja: """
            不一致

            各側は、行についての自分の見解だけを書きます。見解が同じなら一致、違えば
            不一致です。これは交渉であり、普通のことです。

              buntan disputes                      行、どちらの番か、いつからか
              buntan answer                        1行ずつ、キー一つで答える
              buntan accept ca-8                   ここに見える相手方の見解に合わせる
              buntan propose ca-8 --allocation shared -m "理由"
              buntan comment ca-8 "質問"           双方に見える
              buntan note ca-8 "覚え書き"          組織の外に出ない

            最後に動かなかった側の番です。承諾した後に文言が変わった行は、もう一度承諾
            するまで「文言変更」になります。

            管理策へのカスタマの回答は、細目に個別の回答があるまで細目にも適用されます。
            一覧にその旨を示し、合意の文書にも値がそのまま入ります。
            """)

    static let rowsText = Phrase(
        """
        ROWS AND IDS

          12.3.1                 the control's row and all its items
          12.3.1/retention       one item
          ac-2.5, ac-2.3.a       AC-2(5), AC-2(3)(a): points instead of brackets
          9, 9.2, ac             everything below that clause, or in that family
          nist-800-53r4:ac-2.5   with its framework
          --where state=open     rows by state or field; may be repeated
          -                      addresses from standard input, one a line

        Letter case, blanks and leading zeros don't count. Everything else has a
        short id such as 7k3q; any longer beginning of it will do as well. A release
        is named by its label, a service or engagement by any part of its name that
        fits no other.
        """,
        ja: """
            行とid

              12.3.1                 管理策の行と、その全ての項目
              12.3.1/retention       一つの項目
              ac-2.5, ac-2.3.a       AC-2(5)、AC-2(3)(a)。括弧の代わりに点
              9, 9.2, ac             その箇条以下、その区分の全て
              nist-800-53r4:ac-2.5   枠組みを付けた形
              --where state=open     状態や項目で選ぶ。繰り返せる
              -                      標準入力から1行に一つ

            大文字と小文字、空白、先頭のゼロは区別しません。そのほかのものには7k3qの
            ような短いidがあり、それより長い形も使えます。公開版は名前で、サービスと
            取引関係は、ほかと紛れない名前の一部で示せます。
            """)
}
