// A quiz keeps score: the first choice that is opened counts, and is
// remembered in this browser. Without this script it folds out all the same.
"use strict";

{
  const setUp = (quiz) => {
    const say = wire.words(quiz);
    const key = `quiz ${quiz.dataset.quiz}`;
    const questions = [...quiz.querySelectorAll(".question")].map(
      (question) => [...question.querySelectorAll(".choice")]);
    let picks = questions.map(() => null);

    const read = () => {
      try {
        const kept = JSON.parse(localStorage.getItem(key));
        // A quiz that has changed since then starts again.
        if (kept?.length === questions.length) return kept;
      } catch { /* nothing kept, or nothing to be kept in */ }
      return picks;
    };
    const keep = () => {
      try { localStorage.setItem(key, JSON.stringify(picks)); } catch { /* */ }
    };

    const score = document.createElement("p");
    const text = document.createElement("span");
    score.className = "score";
    text.setAttribute("role", "status");
    score.append(text, wire.button(say("again"), () => {
      picks = questions.map(() => null);
      for (const choices of questions) {
        for (const choice of choices) choice.open = false;
      }
      keep();
      show();
    }));
    quiz.append(score);

    const show = () => {
      const isRight = (pick, at) =>
        questions[at][pick]?.dataset.right !== undefined;
      score.hidden = picks.every((pick) => pick === null);
      text.textContent = score.hidden ? "" : say("score", {
        right: picks.filter(isRight).length,
        all: questions.length,
      });
    };

    picks = read();
    picks.forEach((pick, at) => {
      if (questions[at][pick]) questions[at][pick].open = true;
    });
    questions.forEach((choices, at) => choices.forEach((choice, index) => {
      choice.addEventListener("toggle", () => {
        if (!choice.open || picks[at] !== null) return;
        picks[at] = index;
        keep();
        show();
      });
    }));
    show();
  };

  document.querySelectorAll(".quiz").forEach(setUp);
}
