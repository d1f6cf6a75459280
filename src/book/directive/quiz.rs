//! `{{#quiz lesson7}}`: questions that teach. Each choice folds out its
//! reason, with or without a script.

use serde::Deserialize;
use toml::Spanned;

use crate::book::mistakes::Place;
use crate::book::press::{Press, number_of, read_text};
use crate::book::words;
use crate::course::Course;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Quiz {
    #[serde(rename = "question")]
    questions: Vec<Question>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    ask: Spanned<String>,
    #[serde(rename = "choice")]
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    text: Spanned<String>,
    #[serde(default)]
    right: bool,
    why: Spanned<String>,
}

/// A quiz and the file it was read from.
struct Sheet {
    file: String,
    text: String,
    quiz: Quiz,
}

impl Sheet {
    fn read(course: &Course, number: u8) -> Result<Sheet, String> {
        let file = format!("book/quizzes/lesson{number}.toml");
        let text = read_text(&course.quiz(number))
            .map_err(|_| format!("there is no quiz {file}"))?;
        let quiz: Quiz = toml::from_str(&text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let place = Place::new(&file, line_at(&text, at));
            format!("{place} is not a quiz: {}", error.message())
        })?;
        Ok(Sheet { file, text, quiz })
    }

    fn place(&self, text: &Spanned<String>) -> Place {
        Place::new(&self.file, line_at(&self.text, text.span().start))
    }
}

fn line_at(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

pub(super) fn html(name: &str, press: &mut Press) -> Result<String, String> {
    let number = number_of("lesson", name)
        .ok_or_else(|| format!("`{name}` is not the name of a lesson"))?;
    let sheet = Sheet::read(press.course, number)?;
    let words = press.words(words::QUIZ);
    let mut html = format!(
        "<section class=\"quiz\" data-quiz=\"{name}\" data-words=\"{words}\">"
    );
    for question in &sheet.quiz.questions {
        let place = sheet.place(&question.ask);
        let right = question.choices.iter().filter(|c| c.right).count();
        if right != 1 {
            let text = format!("{right} choices are right: let it be one");
            press.mistakes.add(&place, text);
        }
        let ask = press.inline(question.ask.get_ref(), &place);
        html.push_str("<div class=\"question\"><p class=\"ask\">");
        html.push_str(&ask);
        html.push_str("</p>");
        for choice in &question.choices {
            html.push_str(&choice_html(choice, &sheet, press));
        }
        html.push_str("</div>");
    }
    html.push_str("</section>");
    Ok(html)
}

fn choice_html(choice: &Choice, sheet: &Sheet, press: &mut Press) -> String {
    let text = press.inline(choice.text.get_ref(), &sheet.place(&choice.text));
    let why = press.inline(choice.why.get_ref(), &sheet.place(&choice.why));
    let (mark, verdict) = match choice.right {
        true => (" data-right", words::RIGHT),
        false => ("", words::WRONG),
    };
    let verdict = press.word_html(verdict, &[]);
    format!(
        "<details class=\"choice\"{mark}><summary>{text}</summary>\
         <p class=\"why\"><strong class=\"verdict\">{verdict}</strong> \
         {why}</p></details>"
    )
}

/// The texts of a lesson's quiz, in order.
pub(crate) fn messages(
    course: &Course,
    number: u8,
) -> Result<Vec<(String, Place)>, String> {
    let sheet = Sheet::read(course, number)?;
    let mut found = Vec::new();
    let mut add = |text: &Spanned<String>| {
        found.push((text.get_ref().clone(), sheet.place(text)));
    };
    for question in &sheet.quiz.questions {
        add(&question.ask);
        for choice in &question.choices {
            add(&choice.text);
            add(&choice.why);
        }
    }
    Ok(found)
}
