//! Each directive, fence and formula as the page shows it.

use anyhow::{Result, ensure};

use crate::tree::Tree;

#[test]
fn a_listing_shows_the_piece_with_the_files_own_lines() -> Result<()> {
    let html = Tree::new()?.page("lesson1.html")?;
    ensure!(html.contains(
        "<figcaption><a href=\"#program\">lessons/examples/lesson1.rs</a> \
         <span>lines 3–5</span></figcaption>"
    ));
    // Out of its function, highlighted, with its blank line, without marks.
    ensure!(html.contains(
        "<span class=\"m\">println!</span>(<span class=\"s\">\"hello\"</span>\
         );\n\n<span class=\"c\">// end</span></code></pre>"
    ));
    ensure!(!html.contains("ANCHOR"));
    Ok(())
}

#[test]
fn a_run_shows_the_recording_and_the_whole_program() -> Result<()> {
    let html = Tree::new()?.page("lesson1.html")?;
    ensure!(html.contains("<section class=\"run\" data-lesson=\"1\""));
    ensure!(html.contains("&quot;run&quot;:&quot;Run&quot;"));
    ensure!(html.contains("<code>cargo run --example lesson1</code>"));
    ensure!(html.contains(
        "role=\"log\" aria-label=\"Recorded output\">hello\n\n&amp; bye</pre>"
    ));
    ensure!(html.contains("<details class=\"program\" id=\"program\">"));
    ensure!(html.contains("<span class=\"f\">main</span>"));
    Ok(())
}

#[test]
fn a_run_has_sliders_only_where_the_page_asks() -> Result<()> {
    let tree = Tree::new()?;
    let words = "&quot;bend&quot;:&quot;Bend the network&quot;";
    ensure!(!tree.page("lesson1.html")?.contains("data-lab"));
    tree.append("book/src/index.md", "\n{{#run lesson1 lab}}\n")?;
    let html = tree.page("index.html")?;
    ensure!(html.contains("data-lab=\"{&quot;"));
    ensure!(html.contains(words));
    Ok(())
}

#[test]
fn a_listing_of_another_lesson_leads_to_its_page() -> Result<()> {
    let tree = Tree::new()?;
    tree.append("book/src/index.md", "\n{{#listing lesson1 piece}}\n")?;
    let html = tree.page("index.html")?;
    ensure!(html.contains("<a href=\"lesson1.html#program\">"));
    Ok(())
}

#[test]
fn a_file_beside_a_program_is_shown_whole() -> Result<()> {
    let tree = Tree::new()?;
    tree.write("lessons/examples/lesson1.py", "import socket\n# a\n")?;
    tree.append("book/src/lesson1.md", "\n{{#listing lesson1.py}}\n")?;
    let html = tree.page("lesson1.html")?;
    ensure!(html.contains("<code>lessons/examples/lesson1.py</code>"));
    ensure!(html.contains(
        "<span class=\"k\">import</span> socket\n<span class=\"c\"># a</span>"
    ));
    Ok(())
}

#[test]
fn a_program_in_several_languages_has_a_tab_for_each() -> Result<()> {
    let tree = Tree::new()?;
    for language in wire::languages::ALL {
        let path = language.path(1, "server");
        tree.write(&format!("lessons/examples/{path}"), "return 1;\n")?;
    }
    let line = "\n{{#languages lesson1 server}}\n";
    tree.append("book/src/lesson1.md", line)?;
    let html = tree.page("lesson1.html")?;
    let count = |piece: &str| html.matches(piece).count();
    assert_eq!(count("name=\"lesson1-server\""), 5);
    assert_eq!(count("id=\"lesson1-server-rs\" value=\"rs\" checked"), 1);
    assert_eq!(count("checked"), 1);
    assert_eq!(count("<span class=\"k\">return</span>"), 5);
    assert_eq!(count("languages/lesson1/Server.java</code>"), 1);
    Ok(())
}

#[test]
fn a_ladder_shows_the_recorded_packets() -> Result<()> {
    let tree = Tree::new()?;
    tree.capture()?;
    tree.append("book/src/lesson1.md", "\n{{#wire lesson1}}\n")?;
    let files = tree.build("en")?;
    let html = &files["lesson1.html"];
    for piece in [
        "<section class=\"wire\" data-lesson=\"1\" aria-label=",
        "<b>Connection 1</b> <span>2 packets</span> \
         <span class=\"became\">refused</span>",
        "<b>Datagrams 2</b>",
        "<svg class=\"from-client\"><line x1=\"8%\" y1=\"22\" x2=\"92%\" ",
        "\"&lt;hi&gt;\"</tspan>",
        "<td>1b 58</td><th scope=\"row\">destination port</th><td>7000 ",
        "<code>cargo run -- run 1 --pcap lesson1.pcapng</code>",
        "<a download=\"lesson1.pcapng\" \
         href=\"data:application/octet-stream;base64,Cg0NC",
    ] {
        ensure!(html.contains(piece), "{piece} is not in\n{html}");
    }
    // Numbers are no words to search for.
    ensure!(!files["search.json"].contains("seq 0"));
    Ok(())
}

#[test]
fn a_ladder_shows_only_the_connections_that_are_named() -> Result<()> {
    let tree = Tree::new()?;
    tree.capture()?;
    tree.append("book/src/lesson1.md", "\n{{#wire lesson1 2}}\n")?;
    let html = tree.page("lesson1.html")?;
    ensure!(html.contains("<b>Datagrams 2</b>"));
    ensure!(!html.contains("<b>Connection 1</b>"));
    Ok(())
}

#[test]
fn a_ladder_speaks_the_language_of_its_page() -> Result<()> {
    let tree = Tree::new()?;
    tree.capture()?;
    tree.append("book/src/lesson1.md", "\n{{#wire lesson1}}\n")?;
    tree.translate(&[("Connection {n}", "连接 {n}"), ("bytes", "字节")])?;
    let files = tree.build("zh-CN")?;
    let html = &files["lesson1.html"];
    for piece in [
        "<b>连接 1</b>",
        ">译 destination port<",
        "<td>20 字节 <i>译 ",
    ] {
        ensure!(html.contains(piece), "{piece} is not in\n{html}");
    }
    Ok(())
}

#[test]
fn a_quiz_folds_out_every_reason() -> Result<()> {
    let html = Tree::new()?.page("lesson1.html")?;
    ensure!(html.contains("<section class=\"quiz\" data-quiz=\"lesson1\""));
    ensure!(html.contains("What does <code>read</code> return?"));
    ensure!(html.contains("<details class=\"choice\" data-right=\"\">"));
    ensure!(html.contains("<strong class=\"verdict\">Not quite.</strong> No."));
    Ok(())
}

#[test]
fn a_formula_is_mathml_with_its_symbols_and_units() -> Result<()> {
    let tree = Tree::new()?;
    tree.append("book/src/lesson1.md", "\n{{#formula efficiency}}\n")?;
    let html = tree.page("lesson1.html")?;
    ensure!(
        html.contains("<figure class=\"formula\" id=\"formula-efficiency\">")
    );
    ensure!(html.contains("<mfrac><mi>m</mi>"));
    ensure!(html.contains("<dd>length of the message, in byte</dd>"));
    Ok(())
}

#[test]
fn a_picture_has_its_numbers_before_any_script_runs() -> Result<()> {
    let tree = Tree::new()?;
    tree.append(
        "book/src/lesson1.md",
        "\n{{#explore frame_efficiency}}\n\n{{#explore two_choices}}\n",
    )?;
    let html = tree.page("lesson1.html")?;
    for piece in [
        "<figure class=\"explore\" id=\"explore-frame_efficiency\">",
        "<span>Length of the header</span> <b>2 B</b>",
        "data-needs-script",
        "<svg role=\"img\" aria-label=\"What frames cost\" \
         aria-describedby=\"explore-frame_efficiency-told\"",
        "<polyline class=\"line0\" points=\"0,66.7 10,50 ",
        // 9 / 11.
        "aria-live=\"polite\">\n<li class=\"drawn line0\">Efficiency \
         <b>81.8 %</b></li>",
        "<script type=\"application/json\">{\"knobs\":[{\"start\":1,",
        "<rect class=\"line1\"",
    ] {
        ensure!(html.contains(piece), "{piece} is not in\n{html}");
    }
    Ok(())
}

#[test]
fn a_picture_speaks_the_language_of_its_page() -> Result<()> {
    let tree = Tree::new()?;
    tree.append("book/src/lesson1.md", "\n{{#explore arq_window}}\n")?;
    tree.translate(&[("frames", "帧")])?;
    let html = &tree.build("zh-CN")?["lesson1.html"];
    for piece in ["<b>8 帧</b>", "\"1 帧\"", ">译 Go-Back-N <b>"] {
        ensure!(html.contains(piece), "{piece} is not in\n{html}");
    }
    Ok(())
}

#[test]
fn the_formulas_of_a_part_are_listed_with_their_lessons() -> Result<()> {
    let tree = Tree::new()?;
    tree.write(
        "book/src/SUMMARY.md",
        "# Summary\n\n[Start](index.md)\n\n# Part I · One\n\n\
         - [One](lesson1.md)\n- [Two]()\n- [Three]()\n",
    )?;
    tree.append("book/src/index.md", "\n{{#formulas I}}\n")?;
    let html = tree.page("index.html")?;
    for piece in [
        "id=\"formula-packets\"",
        "<mi>M</mi></math>\u{a0}=\u{a0}10,000\u{a0}byte, <math>",
        " gives 7.</p>",
        "<code>formulas::packets</code>, in lesson 3, Three</p>",
    ] {
        ensure!(html.contains(piece), "{piece} is not in\n{html}");
    }
    ensure!(!html.contains("formula-efficiency"), "that is lesson 7's");
    Ok(())
}

#[test]
fn fences_maths_and_diagrams_are_html_in_lists_and_quotes_too() -> Result<()> {
    let tree = Tree::new()?;
    tree.append(
        "book/src/lesson1.md",
        "\n* item $`a_1 * b_1`$ and $`c*d`$\n\n  ```rust\n  # hidden?\n\n  \
         let x = \"<b>\";\n  ```\n\n> ```math\n> \\frac{a}{b}\n> ```\n\n\
         | a | $`x|y`$ |\n|---|---|\n| b | c |\n\n\
         ```seq\ntitle: Hello\na -> b: hi\n```\n\n```rust\n# plain\n```\n",
    )?;
    let html = tree.page("lesson1.html")?;
    for piece in [
        "<p>item <math><msub><mi>a</mi><mn>1</mn></msub><mo ",
        "# hidden?\n\n<span class=\"k\">let</span> x = \
         <span class=\"s\">\"&lt;b&gt;\"</span>;",
        "<div class=\"math\"><math display=\"block\"><mfrac>",
        "<figure class=\"seq\"><svg role=\"img\" aria-label=\"Hello\"",
        // mdBook would hide this line.
        "<code class=\"language-rust\"><span># plain</span></code>",
    ] {
        ensure!(html.contains(piece), "{piece} is not in\n{html}");
    }
    ensure!(!html.contains("boring") && !html.contains("playground"));
    Ok(())
}
