// In the admin: conditions of a form are made by clicking. A rule's box for the id of an earlier question becomes a list
// of these questions by their labels, also of those that are not saved yet; then come only the comparisons that such a
// question has, and then its choices by their words. What is stored stays as it was: ids
// (servicedesk/questions/conditions.py). What types can be asked comes from servicedesk/questions/editing.py.
(function () {
  "use strict";

  const { StructBlockDefinition } = window.wagtailStreamField.blocks;
  const rules = new Set();
  let facts = null;
  let waits = false;

  // --- What the form holds now ---------------------------------------------------------------------

  function hidden(child, name) {
    const input = Array.from(child.children).find(function (each) {
      return each.matches("input[type=hidden]") && each.name.endsWith("-" + name);
    });
    return input ? input.value : "";
  }

  function isGone(element) {
    for (let child = element; child; child = child.parentElement.closest("[data-streamfield-child]")) {
      if (hidden(child, "deleted")) return true;
    }
    return false;
  }

  // A field of a block, not of a block within it.
  function own(child, name) {
    return Array.from(child.querySelectorAll("[data-contentpath='" + name + "']")).find(function (field) {
      return field.closest("[data-streamfield-child]") === child;
    });
  }

  function typed(field) {
    const input = field && field.querySelector("input:not([type=hidden]), textarea");
    return input ? input.value.trim() : "";
  }

  function choicesOf(child, type) {
    if (type.choices) return type.choices;
    const list = own(child, "choices");
    if (!list) return null;
    return Array.from(list.querySelectorAll("[data-streamfield-child]"))
      .filter(function (choice) { return !hidden(choice, "deleted"); })
      .map(function (choice, number) {
        return [hidden(choice, "id"), typed(choice) || facts.words.unnamedChoice.replace("%s", inLanguage(number + 1))];
      });
  }

  function inLanguage(number) {
    return document.documentElement.lang === "fa" ? number.toLocaleString("fa-IR", { useGrouping: false }) : String(number);
  }

  // [{element, id, label, type, choices}] in the order of the form.
  function questionsOf(form) {
    const found = [];
    form.querySelectorAll("[data-streamfield-child]").forEach(function (child) {
      const kind = hidden(child, "type");
      const type = facts.types[kind];
      if (kind === "shared") {
        const chosen = child.querySelector("input[type=hidden][name$='-question_set']");
        const shared = isGone(child) ? [] : facts.shared[chosen ? chosen.value : ""] || [];
        shared.forEach(function (each) { found.push({ ...each, element: child, type: facts.types[each.type] }); });
      }
      if (!type || !type.operators.length || isGone(child)) return;
      const label = typed(own(child, "label")) || facts.words.unnamed.replace("%s", type.label);
      found.push({ element: child, id: hidden(child, "id"), label: label, type: type, choices: choicesOf(child, type) });
    });
    return found;
  }

  // --- One rule ------------------------------------------------------------------------------------

  function Rule(block) {
    const root = block.container[0];
    function part(name) {
      const field = root.querySelector("[data-contentpath='" + name + "']");
      return { field: field, input: field.querySelector("input, select") };
    }
    this.root = root;
    this.question = part("question");
    this.operator = part("operator");
    this.value = part("value");
    this.question.list = listBeside(this.question.input);
    this.value.list = listBeside(this.value.input);
    this.problem = document.createElement("p");
    this.problem.className = "condition-problem";
    this.problem.setAttribute("role", "status");
    this.problem.hidden = true;
    root.append(this.problem);
    this.operators = Array.from(this.operator.input.options, function (option) { return [option.value, option.text]; });

    const rule = this;
    this.question.list.addEventListener("change", function () {
      rule.question.input.value = this.value;
      rule.value.input.value = "";
      follow(true);
    });
    this.value.list.addEventListener("change", function () { rule.value.input.value = this.value; });
  }

  // A list that stands for a text input, which keeps what is stored.
  function listBeside(input) {
    const list = document.createElement("select");
    list.id = input.id;
    if (input.hasAttribute("aria-describedby")) list.setAttribute("aria-describedby", input.getAttribute("aria-describedby"));
    input.id += "-stored";
    input.hidden = true;
    input.insertAdjacentElement("afterend", list);
    return list;
  }

  function fill(list, options, chosen) {
    const same = options.length === list.options.length && options.every(function (option, number) {
      return list.options[number].value === option[0] && list.options[number].text === option[1];
    });
    if (!same) list.replaceChildren(...options.map(function (option) { return new Option(option[1], option[0]); }));
    if (list.value !== chosen) list.value = chosen;
  }

  Rule.prototype.follow = function (questions, byHand) {
    const owner = this.root.parentElement.closest("[data-streamfield-child]").parentElement.closest("[data-streamfield-child]");
    if (!owner) return;
    const id = this.question.input.value;
    const asked = questions.find(function (each) { return each.id === id; });
    const earlier = questions.filter(function (each) {
      const place = owner.compareDocumentPosition(each.element);
      return place & Node.DOCUMENT_POSITION_PRECEDING && !(place & Node.DOCUMENT_POSITION_CONTAINS);
    });
    const options = earlier.map(function (each) { return [each.id, each.label]; });
    let problem = "";
    if (id && !asked) {
      options.unshift([id, facts.words.removed]);
      problem = facts.words.removedHelp;
    } else if (asked && !earlier.includes(asked)) {
      options.push([id, asked.label]);
      problem = asked.element.contains(this.root) || asked.element === owner ? facts.words.itself : facts.words.later;
    } else if (!id && !earlier.length) {
      problem = facts.words.none;
    }
    if (!id) options.unshift(["", facts.words.choose]);
    fill(this.question.list, options, id);
    this.followOperator(asked, byHand);
    problem = this.followValue(asked) || problem;
    if (this.problem.textContent !== problem) this.problem.textContent = problem;
    this.problem.hidden = !problem;
  };

  Rule.prototype.followOperator = function (asked, byHand) {
    const select = this.operator.input;
    this.operator.field.hidden = !asked;
    if (!asked) return;
    const has = asked.type.operators;
    let chosen = select.value;
    if (!has.includes(chosen) && (byHand || !this.value.input.value)) chosen = has[0];
    // What was stored is shown even where such a question does not have it: the editor shall see what to mend.
    const offered = this.operators.filter(function (each) { return has.includes(each[0]) || each[0] === chosen; });
    fill(select, offered, chosen);
  };

  Rule.prototype.followValue = function (asked) {
    const asksFor = asked && !facts.withoutValue.includes(this.operator.input.value);
    this.value.field.hidden = !asksFor;
    if (!asksFor) return "";
    const choices = asked.choices;
    const stored = this.value.input.value;
    this.value.list.hidden = !choices;
    this.value.input.hidden = Boolean(choices);
    // The label belongs to whichever is shown.
    const [shown, other] = choices ? [this.value.list, this.value.input] : [this.value.input, this.value.list];
    if (shown.id.endsWith("-stored")) [shown.id, other.id] = [other.id, shown.id];
    if (!choices) {
      this.value.input.placeholder = asked.type.example;
      return "";
    }
    const options = choices.map(function (each) { return [each[0], each[1]]; });
    const isThere = choices.some(function (each) { return each[0] === stored; });
    if (!isThere) options.unshift([stored, stored ? facts.words.removedChoice : facts.words.choose]);
    fill(this.value.list, options, stored);
    return stored && !isThere ? facts.words.removedChoiceHelp : "";
  };

  // What it says, in the words that stand in its lists; "" while something of it is not chosen yet.
  Rule.prototype.words = function () {
    function chosen(select) { return select.selectedOptions.length ? select.selectedOptions[0].text : ""; }
    if (!this.question.input.value) return "";
    const words = ["«" + chosen(this.question.list) + "»", chosen(this.operator.input)];
    if (!this.value.field.hidden) {
      if (!this.value.input.value) return "";
      words.push("«" + (this.value.list.hidden ? this.value.input.value : chosen(this.value.list)) + "»");
    }
    return words.join(" ");
  };

  // --- A whole condition ---------------------------------------------------------------------------

  // Its heading says what it is, also while it is closed; with one rule there is nothing to combine.
  function followCondition(part, itsRules) {
    const match = part.querySelector("[data-contentpath='match']");
    match.hidden = itsRules.length < 2;
    const joint = match.querySelector("select").value === "any" ? facts.words.or : facts.words.and;
    const words = itsRules.map(function (rule) { return rule.words() || "…"; }).join(joint) || facts.words.always;
    const heading = part.querySelector("[data-panel-heading]");
    let summary = heading.querySelector(".condition-summary");
    if (!summary) {
      summary = document.createElement("span");
      summary.className = "condition-summary";
      heading.append(" ", summary);
    }
    if (summary.textContent !== words) summary.textContent = words;
    summary.classList.toggle("condition-summary--always", !itsRules.length);
  }

  // --- All of them ---------------------------------------------------------------------------------

  function follow(byHand) {
    document.querySelectorAll("form[data-edit-form]").forEach(function (form) {
      const parts = Array.from(form.querySelectorAll("[data-contentpath='condition']"));
      if (!parts.length) return;
      const questions = questionsOf(form);
      const byPart = new Map(parts.map(function (part) { return [part, []]; }));
      rules.forEach(function (rule) {
        if (!rule.root.isConnected || !form.contains(rule.root)) return;
        rule.follow(questions, byHand === true);
        const part = rule.root.closest("[data-contentpath='condition']");
        if (!isGone(rule.root.closest("[data-streamfield-child]"))) byPart.get(part).push(rule);
      });
      byPart.forEach(function (itsRules, part) { followCondition(part, inOrder(itsRules)); });
    });
    rules.forEach(function (rule) { if (!rule.root.isConnected) rules.delete(rule); });
  }

  function inOrder(some) {
    return some.sort(function (one, other) {
      return one.root.compareDocumentPosition(other.root) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;
    });
  }

  // Once for all that changed since the last picture.
  function followSoon() {
    if (waits || !facts) return;
    waits = true;
    requestAnimationFrame(function () { waits = false; follow(); });
  }

  document.addEventListener("input", followSoon);
  document.addEventListener("change", followSoon);
  // Blocks that are added, moved or deleted; not what stands in our own lists.
  new MutationObserver(function (changes) {
    const isOurs = function (change) {
      return change.target.closest && change.target.closest(".condition-rule, .condition-summary, [data-panel-heading]");
    };
    if (!changes.every(isOurs)) followSoon();
  }).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["aria-hidden"] });

  // --- Wagtail's definitions of these blocks -------------------------------------------------------

  // Not subclasses: Wagtail draws what stands in a block by comparing constructors.
  function RuleDefinition(name, children, meta) {
    const definition = new StructBlockDefinition(name, children, meta);
    facts = facts || meta.facts;
    definition.render = function () {
      const block = StructBlockDefinition.prototype.render.apply(this, arguments);
      rules.add(new Rule(block));
      followSoon();
      return block;
    };
    return definition;
  }

  // A section that is duplicated gets questions and choices of its own: its conditions shall ask those, not the first
  // section's.
  function SectionDefinition(name, children, meta) {
    const definition = new StructBlockDefinition(name, children, meta);
    definition.render = function () {
      const block = StructBlockDefinition.prototype.render.apply(this, arguments);
      const duplicate = block.getDuplicatedState;
      block.getDuplicatedState = function () {
        const copy = duplicate.call(block);
        askTheCopies(block.getState().questions, copy.questions);
        return copy;
      };
      return block;
    };
    return definition;
  }

  function askTheCopies(originals, copies) {
    const known = new Map(originals.map(function (question, number) {
      const choices = (question.value.choices || []).map(function (choice, place) {
        return [choice.id, copies[number].value.choices[place].id];
      });
      return [question.id, { id: copies[number].id, choices: new Map(choices) }];
    }));
    copies.forEach(function (copy) {
      copy.value.condition.rules.forEach(function (rule) {
        const asked = known.get(rule.value.question);
        if (!asked) return;
        rule.value.question = asked.id;
        rule.value.value = asked.choices.get(rule.value.value) || rule.value.value;
      });
    });
  }

  window.telepath.register("servicedesk.questions.Rule", RuleDefinition);
  window.telepath.register("servicedesk.questions.Section", SectionDefinition);
})();
