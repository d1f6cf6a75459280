//! What is wrong with the book, collected: an author wants to see all of it,
//! not the first of it.

use std::fmt;

/// Where a text stands in the tree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, from the root of the tree, with `/` on every system.
    pub file: String,
    /// Its line, from 1; 0 for the file as a whole.
    pub line: usize,
}

impl Place {
    pub(crate) fn new(file: impl Into<String>, line: usize) -> Place {
        let file = file.into();
        Place { file, line }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}", self.file),
            line => write!(f, "{}:{line}", self.file),
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    pub place: Place,
    /// One sentence: what is wrong, and what to do.
    pub text: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}

/// All that is wrong, as the error that a build returns.
#[derive(Debug, Clone, Default)]
pub struct Mistakes(pub Vec<Mistake>);

impl Mistakes {
    pub(crate) fn add(&mut self, place: &Place, text: impl Into<String>) {
        let mistake = Mistake {
            place: place.clone(),
            text: text.into(),
        };
        // A file that three directives name is missing only once.
        if !self.0.contains(&mistake) {
            self.0.push(mistake);
        }
    }

    /// Nothing, or the list as an error.
    pub(crate) fn into_result(self) -> Result<(), Mistakes> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (index, mistake) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{mistake}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}
