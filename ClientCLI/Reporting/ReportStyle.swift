/// How a report looks: on a screen of any width, in light and in dark, and on paper.
///
/// Each pair of a text and its ground has a contrast of at least 4.5 to 1, which `tools/check_report.py` computes. No colour says what
/// no word says. Fonts are those of the system.
enum ReportStyle {
    static let text = #"""
        :root{--ground:#fcfcfa;--panel:#f3f4f1;--ink:#1c2329;--soft:#56606a;--line:#d3d8d6;--rule:#1f4b5f;--link:#12556f;
        --provider:#dceaf6;--provider-ink:#123c5f;--customer:#fbe8d0;--customer-ink:#5e3708;--shared:#e6e2f5;--shared-ink:#3a2d78;
        --supplier:#e2efdd;--supplier-ink:#294c1b;--none:#eaecec;--none-ink:#454d54;--good:#dff0e3;--good-ink:#1c5130;
        --bad:#fadfdb;--bad-ink:#7c1f14;--warning:#fbedc6;--warning-ink:#5c4203;
        --h1:#e8f1f4;--h2:#cfe2e9;--h3:#abccd8;--h4:#7fb2c4;--h5:#1f5f78;--h5-ink:#ffffff}
        @media (prefers-color-scheme:dark){:root{--ground:#14181b;--panel:#1d2327;--ink:#e4e8ea;--soft:#a3adb4;--line:#39424a;--rule:#7db6cc;
        --link:#8cc6de;--provider:#1b3850;--provider-ink:#cfe4f7;--customer:#4a3213;--customer-ink:#fbe3c2;--shared:#352d5c;
        --shared-ink:#e3dcfb;--supplier:#243d1c;--supplier-ink:#d5ecca;--none:#30373c;--none-ink:#cdd4d8;--good:#1c4029;
        --good-ink:#cfeed8;--bad:#5a2019;--bad-ink:#fbd9d3;--warning:#4b3a0b;--warning-ink:#fae8b4;
        --h1:#1b262b;--h2:#1f343d;--h3:#254753;--h4:#2d5d6e;--h5:#8cc6de;--h5-ink:#10191d}}
        *{box-sizing:border-box}
        html{color-scheme:light dark;scroll-padding-top:1rem;-webkit-text-size-adjust:100%;text-size-adjust:100%}
        body{margin:0 auto;padding:0 1.5rem 4rem;max-width:72rem;background:var(--ground);color:var(--ink);
        font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Hiragino Sans","Yu Gothic UI",Meiryo,
        "Noto Sans CJK JP","Noto Sans JP",Arial,sans-serif;overflow-wrap:anywhere;line-break:strict}
        :where(html,bdi):lang(ja){font-family:system-ui,-apple-system,"Segoe UI","Hiragino Sans","Hiragino Kaku Gothic ProN","Yu Gothic UI",Meiryo,
        "Noto Sans CJK JP","Noto Sans JP",sans-serif;line-height:1.7}
        h1,h2,h3,h4{line-height:1.25;font-weight:650;text-wrap:balance}
        h1{font-size:2.1rem;margin:.2rem 0 1.2rem}
        h2{font-size:1.35rem;margin:0 0 .6rem}
        h3,h4{font-size:1.05rem;margin:0}
        .group{margin:2rem 0 .4rem;font-size:1.15rem}
        p{margin:.5rem 0;max-width:70ch}
        a{color:var(--link);text-underline-offset:.15em}
        :focus-visible{outline:3px solid var(--rule);outline-offset:2px;border-radius:2px}
        main:focus{outline:none}
        code{font:.88em/1.5 ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"Noto Sans Mono",monospace;overflow-wrap:anywhere}
        .skip{position:absolute;left:1rem;top:-5rem;padding:.5rem 1rem;background:var(--ground);border:2px solid var(--rule);z-index:1}
        .skip:focus{top:.5rem}
        .cover{padding:3rem 0 1rem;border-bottom:3px solid var(--rule)}
        .kicker{margin:0;color:var(--soft);letter-spacing:.02em}
        .notice{margin:.6rem 0;padding:.6rem .9rem;max-width:none;border-left:4px solid currentColor;background:var(--warning);
        color:var(--warning-ink)}
        .notice span{font-weight:700}
        .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.75rem;margin:1.4rem 0;padding:0;list-style:none}
        .figures a{display:block;height:100%;padding:.8rem .9rem;border:1px solid var(--line);border-radius:6px;background:var(--panel);
        color:inherit;text-decoration:none}
        .figures a:hover .what{text-decoration:underline}
        .count{display:block;font-size:1.9rem;line-height:1.2;font-weight:650;font-variant-numeric:tabular-nums lining-nums}
        .count small{font-size:.95rem;font-weight:400;color:var(--soft)}
        .figures .t-good a{border-top:4px solid var(--good-ink)}
        .figures .t-bad a{border-top:4px solid var(--bad-ink)}
        .figures .t-warning a{border-top:4px solid var(--warning-ink)}
        .figures .t-plain a{border-top:4px solid var(--line)}
        .facts{margin:1.2rem 0}
        .facts>div{display:grid;grid-template-columns:11rem 1fr;gap:.2rem 1.5rem;padding:.45rem 0;border-top:1px solid var(--line)}
        dt{color:var(--soft)}
        dd{margin:0;min-width:0}
        .contents{margin:1.6rem 0 0}
        .contents h2{font-size:1.05rem}
        .contents ol{columns:2 15rem;margin:0;padding-left:1.4rem}
        .contents li{padding:.1rem 0;font-variant-numeric:tabular-nums}
        section{margin-top:3rem;padding-top:1.1rem;border-top:1px solid var(--line)}
        .lead,.none,.cut,.faint,.detail{color:var(--soft)}
        .none{padding:.6rem 0}
        table{width:100%;margin:.8rem 0 1.4rem;border-collapse:collapse;font-size:.94rem;line-height:1.5;
        font-variant-numeric:tabular-nums lining-nums}
        :lang(ja) table{line-height:1.6}
        caption{padding:.3rem 0;text-align:left;font-weight:650}
        caption .detail{font-weight:400}
        .heard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        th,td{padding:.5rem .7rem .5rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);font-weight:400;
        overflow-wrap:anywhere}
        thead th{vertical-align:bottom;border-bottom:2px solid var(--rule);color:var(--soft);font-size:.88rem}
        tbody th,.sum{font-weight:650}
        tbody th .faint,tbody th .typed{font-weight:400}
        tbody tr:target{background:var(--warning);color:var(--warning-ink)}
        tbody tr:target :is(.label,.faint,a){color:inherit}
        .stack{table-layout:fixed}
        .w-key{width:7.5rem}.w-mark{width:7.5rem}.w-number{width:5.5rem}.w-day{width:9.4rem}.w-name{width:22%}
        .n{text-align:right}
        .scroll{overflow-x:auto}
        .wide{min-width:44rem}
        .wide thead th{overflow-wrap:normal;word-break:keep-all}
        .wide td.n,.wide th.n{padding:.45rem .7rem}
        .label{color:var(--soft)}
        .mark{display:inline-block;padding:.05rem .5rem;border-radius:3px;background:var(--none);color:var(--none-ink)}
        .mark.t-provider{background:var(--provider);color:var(--provider-ink)}
        .mark.t-customer{background:var(--customer);color:var(--customer-ink)}
        .mark.t-shared{background:var(--shared);color:var(--shared-ink)}
        .mark.t-supplier{background:var(--supplier);color:var(--supplier-ink)}
        .mark.t-good{background:var(--good);color:var(--good-ink)}
        .mark.t-bad{background:var(--bad);color:var(--bad-ink)}
        .mark.t-warning{background:var(--warning);color:var(--warning-ink)}
        h2 .mark{font-size:.85rem;font-weight:400;vertical-align:middle}
        .h0{color:var(--soft)}.h1{background:var(--h1)}.h2{background:var(--h2)}
        .h3{background:var(--h3)}.h4{background:var(--h4)}.h5{background:var(--h5);color:var(--h5-ink)}
        details{margin:1.2rem 0}
        summary{padding:.4rem 0;cursor:pointer}
        summary :is(h3,h4,.detail){display:inline}
        footer{margin-top:3rem;padding-top:.6rem;border-top:1px solid var(--line);color:var(--soft);font-size:.88rem}
        @media screen and (max-width:60rem){
        .w-key,.w-mark{width:6rem}.w-day{width:7.5rem}
        }
        @media screen and (max-width:46rem){
        body{padding:0 1rem 3rem}
        .cover{padding-top:1.6rem}
        h1{font-size:1.6rem}
        .figures{grid-template-columns:repeat(2,minmax(0,1fr));gap:.5rem}
        .facts>div{grid-template-columns:1fr}
        .stack,.stack tbody,.stack tr,.stack td,.stack tbody th{display:block;width:auto}
        .stack caption:not(.heard){display:block}
        .stack colgroup{display:none}
        .stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        .stack tr{padding:.6rem 0;border-bottom:1px solid var(--line)}
        .stack td,.stack tbody th{padding:.15rem 0;border:0;text-align:left}
        .stack td::before{content:attr(data-l) ": ";color:var(--soft)}
        .stack tr:target td::before{color:inherit}
        .stack td:has(>div)::before{display:block}
        .stack td:is(:has(>.label:first-child),:has(>div:first-child>.label:first-child))::before{content:none}
        }
        @page{size:A4;margin:16mm 15mm 18mm;@bottom-right{content:counter(page) " / " counter(pages);font:8pt sans-serif;color:#56606a}}
        @media print{
        :root{--ground:#fff;--panel:#fff;--ink:#111619;--soft:#4b545c;--line:#c3c9c8;--rule:#1f4b5f;--link:#111619;
        --provider:#dceaf6;--provider-ink:#123c5f;--customer:#fbe8d0;--customer-ink:#5e3708;--shared:#e6e2f5;--shared-ink:#3a2d78;
        --supplier:#e2efdd;--supplier-ink:#294c1b;--none:#eaecec;--none-ink:#454d54;--good:#dff0e3;--good-ink:#1c5130;
        --bad:#fadfdb;--bad-ink:#7c1f14;--warning:#fbedc6;--warning-ink:#5c4203;
        --h1:#e8f1f4;--h2:#cfe2e9;--h3:#abccd8;--h4:#7fb2c4;--h5:#1f5f78;--h5-ink:#ffffff}
        html{color-scheme:light;print-color-adjust:exact;-webkit-print-color-adjust:exact}
        body{max-width:none;padding:0;font-size:9.5pt}
        h1{font-size:20pt}h2{font-size:13pt}h3,h4{font-size:10.5pt}
        .skip{display:none}
        .cover{padding:0 0 3mm}
        .figures{grid-template-columns:repeat(5,1fr);gap:2mm;margin:4mm 0}
        .figures a{padding:2mm 2.5mm}
        .count{font-size:15pt}.count small{font-size:9pt}
        .facts{margin:4mm 0}
        .facts>div{grid-template-columns:38mm 1fr;padding:1mm 0}
        .contents{margin-top:4mm;break-inside:avoid}
        .contents ol{columns:3}
        a{text-decoration:none}
        section{margin-top:9mm}
        h2,h3,h4,caption,summary,.lead{break-after:avoid}
        table{font-size:8.5pt}
        thead{display:table-header-group}
        tr,.notice,.figures li,.facts>div{break-inside:avoid}
        .scroll{overflow:visible;break-inside:avoid}
        .wide{min-width:0}
        summary{list-style:none}
        details::details-content{content-visibility:visible;block-size:auto}
        .w-key{width:19mm}.w-mark{width:21mm}.w-day{width:21mm}
        }

        """#
}
