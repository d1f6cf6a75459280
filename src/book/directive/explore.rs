//! `{{#explore frame_efficiency}}`: a picture with sliders, whose points
//! `lessons` computes while the book is built.

use crate::book::explore::{self, Drawn, Explorable};
use crate::book::html::escape;
use crate::book::mistakes::Place;
use crate::book::press::Press;

pub(super) fn html(name: &str, press: &mut Press) -> Result<String, String> {
    let Some(it) = explore::find(name) else {
        let known: Vec<_> = explore::ALL.iter().map(|it| it.name).collect();
        return Err(format!(
            "{} has no explorable `{name}`: it has {}",
            explore::FOLDER,
            known.join(", ")
        ));
    };
    let place = Place::new(explore::FOLDER, 0);
    let caption = press.inline(it.caption, &place);
    let mut say = |english: &str| press.say(english, &place);
    let title = escape(&say(it.title));
    let told = format!("explore-{name}-told");
    Ok(format!(
        "<figure class=\"explore\" id=\"explore-{name}\"><figcaption>{title}\
         </figcaption><div class=\"turns\">{}</div>{}<ul id=\"{told}\" \
         class=\"told\" aria-live=\"polite\">{}</ul><p class=\"source\">\
         {caption}</p><script type=\"application/json\">{}</script></figure>",
        sliders(it, &mut say),
        explore::svg(it, &it.start(), &told, &mut say),
        readings(it, &mut say),
        explore::json(it, &mut say),
    ))
}

/// The sliders. Their values are of use on paper too, the rest is not.
fn sliders(it: &Explorable, say: explore::Say) -> String {
    let sliders = it.knobs.iter().map(|knob| {
        let name = escape(&say(knob.name));
        let values = explore::values(knob, say);
        let value = escape(&values[knob.start]);
        format!(
            "<label><span>{name}</span> <b>{value}</b><input type=\"range\" \
             data-needs-script autocomplete=\"off\" max=\"{}\" value=\"{}\" \
             aria-label=\"{name}\" aria-valuetext=\"{value}\"></label>",
            knob.values.len() - 1,
            knob.start
        )
    });
    sliders.collect()
}

/// The numbers of the picture, which also tell it to those who hear it. A
/// series of bars has its name and its colour here, and no number.
fn readings(it: &Explorable, say: explore::Say) -> String {
    let mut numbers = it.told(&it.start(), say);
    let bars = it.readings().count() - numbers.len();
    numbers.splice(0..0, vec![String::new(); bars]);
    let readings = it.readings().zip(numbers).enumerate();
    let readings = readings.map(|(index, (reading, number))| {
        let name = escape(&say(reading.name));
        let class = match reading.drawn {
            Drawn::Line => format!("drawn line{index}"),
            Drawn::Dashed => format!("drawn dashed line{index}"),
            Drawn::Told => String::new(),
        };
        if index < bars {
            return format!("<li class=\"{class}\">{name}</li>");
        }
        format!(
            "<li class=\"{class}\">{name} <b>{}</b></li>",
            escape(&number)
        )
    });
    readings.collect()
}

/// The texts of all explorables.
pub(crate) fn messages() -> Vec<(String, Place)> {
    explore::messages()
}
