// Topics about the program and the machine it runs on.
extension HelpTopics {
    static let exitCodesText = Phrase(
        """
        EXIT CODES

          0    done; listing conflicts, disputes or gaps is done, however many
          1    looked and found something: check, verify, doctor, reconcile, import -n;
               lists only with --exit-code. 'verify' without '--trust', or on a day
               outside the agreement's dates, is 0: 'trusted' and 'validOn' in
               --json say so
          2    wrong usage: unknown or ambiguous name, no current engagement,
               an answer missing under --no-input
          3    network or server, its certificate included; what is pending stays
               pending
          4    refused: the other side's field, no right, not confirmed,
               rows not ready to sign
          5    does not verify: a damaged store, a server that contradicts what
               was seen
          6    an input file cannot be taken; nothing was changed
          7    this machine: disk full, no permission, store in use for longer
               than 5 s, store of a newer version
          130  interrupted; what was kept is said
        """,
        ja: """
            終了コード

              0    完了。競合、不一致、ギャップの一覧は件数によらず完了
              1    調べて見つかった: check、verify、doctor、reconcile、import -n。
                   一覧は--exit-codeを付けたときだけ。--trustのないverifyや、
                   有効期間の外の日のverifyは0で、--jsonのtrustedとvalidOnで分かる
              2    使い方の誤り: 知らない名前、紛らわしい名前、対象が未選択、
                   --no-inputのときに答えがない
              3    通信かサーバ（証明書を含む）。未送信のものはそのまま残る
              4    拒否: 相手方の項目、権利なし、未確認、署名の用意ができていない行
              5    検証できない: 壊れたストア、見た履歴と矛盾するサーバ
              6    入力ファイルを取り込めない。何も変えていない
              7    この機械: ディスクがいっぱい、権限なし、ストアが5秒を超えて使用中、
                   ストアが新しい版のもの
              130  中断。残ったものを示す
            """)

    static let environmentText = Phrase(
        """
        ENVIRONMENT

        A flag comes before the environment, the environment before the store's
        settings, those before the user's file. 'buntan config' shows each value and
        where it comes from.

          BUNTAN_STORE             the store to work on
          BUNTAN_SERVICE           the service meant
          BUNTAN_ENGAGEMENT        the engagement meant
          BUNTAN_LANG              en or ja
          BUNTAN_TIME_ZONE         such as Asia/Tokyo
          BUNTAN_SIGNATORY_NAME    who signs
          BUNTAN_SIGNATORY_TITLE   and as what
          BUNTAN_SERVER            address of the server
          BUNTAN_CA_FILE           CA certificates to trust
          BUNTAN_PROXY             HTTPS proxy
          BUNTAN_PAGER, PAGER      pager, on a terminal only
          VISUAL, EDITOR           editor
          NO_COLOR                 not empty: no colour
          CLICOLOR                 0: no colour
          CLICOLOR_FORCE           not empty and not 0: colour everywhere
          TERM                     dumb: no colour
          LC_ALL, LC_MESSAGES, LANG, HTTPS_PROXY, NO_PROXY, TZ
                                   used where nothing above or in a file says more
          XDG_DATA_HOME, XDG_CONFIG_HOME, XDG_STATE_HOME, HOME
                                   where files lie: 'buntan help files'

        A passphrase is never taken from the environment or a flag: use
        --passphrase-file.
        """,
        ja: """
            環境変数

            オプション、環境変数、ストアの設定、ユーザの設定の順に優先します。値とその
            出どころは「buntan config」で分かります。

              BUNTAN_STORE             使うストア
              BUNTAN_SERVICE           対象のサービス
              BUNTAN_ENGAGEMENT        対象の取引関係
              BUNTAN_LANG              enかja
              BUNTAN_TIME_ZONE         Asia/Tokyoなど
              BUNTAN_SIGNATORY_NAME    署名者の氏名
              BUNTAN_SIGNATORY_TITLE   署名者の役職
              BUNTAN_SERVER            サーバのアドレス
              BUNTAN_CA_FILE           信頼するCA証明書
              BUNTAN_PROXY             HTTPSプロキシ
              BUNTAN_PAGER, PAGER      ページャ。端末でだけ使う
              VISUAL, EDITOR           エディタ
              NO_COLOR                 空でなければ色を使わない
              CLICOLOR                 0なら色を使わない
              CLICOLOR_FORCE           空でも0でもなければ常に色を使う
              TERM                     dumbなら色を使わない
              LC_ALL, LC_MESSAGES, LANG, HTTPS_PROXY, NO_PROXY, TZ
                                       上にもファイルにも指定がないときに使う
              XDG_DATA_HOME, XDG_CONFIG_HOME, XDG_STATE_HOME, HOME
                                       ファイルの場所: 「buntan help files」

            パスフレーズを環境変数やオプションから取ることはありません。
            --passphrase-fileを使ってください。
            """)

    static let filesText = Phrase(
        """
        FILES

          $XDG_DATA_HOME/buntan/default     the store, if --store and BUNTAN_STORE
                                            name no other (~/.local/share)
          STORE/store.db                    logs, records and what waits to be sent
          STORE/keys/                       keys of this device, mode 0600
          STORE/config                      settings of this store
          STORE/evidence/                   what a server showed that does not verify
          $XDG_CONFIG_HOME/buntan/config    settings of the user (~/.config)
          $XDG_STATE_HOME/buntan            details of unexpected errors
                                            (~/.local/state)

        A settings file has one 'key = value' a line; '#' begins a comment.
        Keys: language, timeZone, signatory.name, signatory.title, server, caFile,
        proxy. Private keys are not part of 'buntan store backup': keep a copy of
        STORE/keys apart from it. A store that was upgraded leaves its former state
        beside it, as STORE/store.db.v1.bak; the next erasure takes that away.
        """,
        ja: """
            ファイル

              $XDG_DATA_HOME/buntan/default     ストア。--storeやBUNTAN_STOREの指定が
                                                ないとき（~/.local/share）
              STORE/store.db                    ログ、記録、未送信の変更
              STORE/keys/                       この端末の鍵。モード0600
              STORE/config                      このストアの設定
              STORE/evidence/                   検証できなかったサーバの応答
              $XDG_CONFIG_HOME/buntan/config    ユーザの設定（~/.config）
              $XDG_STATE_HOME/buntan            予期しない誤りの詳細
                                                （~/.local/state）

            設定は1行に一つの「項目 = 値」で、「#」から後は注釈です。
            項目: language、timeZone、signatory.name、signatory.title、server、caFile、
            proxy。秘密鍵は「buntan store backup」に含まれません。STORE/keysの写しを別に
            保管してください。ストアを更新すると、元の状態がSTORE/store.db.v1.bakとして
            隣に残り、次に値が消去されると消えます。
            """)

    static let formatsText = Phrase(
        """
        FORMATS

          --json     one object: format, at, context, items or item, more
          --jsonl    the items alone, one a line
          --plain    a header and tab-separated lines; tab, line break and backslash
                     in values are written \\t, \\n, \\\\
          --fields   which members or columns, in which order; row.controlId
                     reaches into an object

        Times are RFC 3339 in UTC, days YYYY-MM-DD, lengths of time ISO 8601, sizes
        in bytes. null is empty; {"unknown": "private"} may not be seen; {"heads":
        [...]} is a value in conflict. A list cut with --limit has in 'more' what
        --after takes. Members may be added, none is removed or changed within a
        number. Scripts may rely on these forms and on the exit codes, never on the
        text for people. Errors print buntan.error/1.
        """,
        ja: """
            形式

              --json     一つのオブジェクト: format、at、context、itemsかitem、more
              --jsonl    itemsだけを1行に一つ
              --plain    見出しとタブ区切りの行。値の中のタブ、改行、バックスラッシュは
                         \\t、\\n、\\\\と書く
              --fields   出力する項目とその順序。row.controlIdのようにオブジェクトの
                         中も指せる

            時刻はUTCのRFC 3339、日付はYYYY-MM-DD、期間はISO 8601、大きさはバイト。
            nullは空、{"unknown": "private"}は見られないもの、{"heads": [...]}は競合中
            の値です。--limitで切った一覧の続きは、「more」の値を--afterに渡すと得られま
            す。番号が同じ間は、項目が増えることはあっても、消えたり変わったりしません。
            スクリプトはこれらの形と終了コードだけに頼ってください。表示用の文は変わり
            ます。誤りはbuntan.error/1として出力されます。
            """)

    static let upgradeText = Phrase(
        """
        UPGRADE

        Upgrade the server first, then the clients. An older client keeps and shows
        what it does not know and edits none of it. A new program upgrades an older
        store by itself, keeps a copy beside it and says so; a store of a newer
        version is refused and left as it is.

          buntan store backup before.db
          make install PREFIX=/usr/local
          buntan doctor
        """,
        ja: """
            更新

            先にサーバ、次にクライアントを更新します。古いクライアントは、知らないもの
            を保って表示し、変えません。新しいプログラムは古いストアを自動で更新し、元の
            写しを隣に残して知らせます。新しい版のストアは拒否し、そのままにします。

              buntan store backup before.db
              make install PREFIX=/usr/local
              buntan doctor
            """)

    static let uninstallText = Phrase(
        """
        UNINSTALL

          make uninstall PREFIX=/usr/local     programs, completions, manual pages

        The store, the keys and the settings stay; 'buntan help files' says where.
        Before you delete them: what other organisations received stays with them,
        changes not sent are lost, and without the keys nobody can sign for you.
        """,
        ja: """
            取り除く

              make uninstall PREFIX=/usr/local     プログラム、補完、マニュアル

            ストア、鍵、設定は残ります。場所は「buntan help files」にあります。
            削除する前に: 他の組織が受け取ったものはそこに残ります。未送信の変更は失われ
            ます。鍵がなければ、誰もあなたの組織として署名できません。
            """)
}
