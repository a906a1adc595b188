// What if? Recomputes amounts in the page from the numbers embedded beside the sliders.
// The formulas are cxlib.sums' own; tests send the same vectors through both.
const whatIf = {
  // Revenue lost a year. Winning back more takes from at risk and lost in proportion.
  churn(start, now) {
    const unhappy = 1 - start.complained_retained;
    const lost = unhappy === 0 ? 0 : start.complained_lost * (1 - now.complained_retained) / unhappy;
    // Complaints counted among all customers: the fewer were unhappy, the more of them complained.
    const tied = now.negative === 0 ? 0 : Math.min(1, start.of_all / now.negative);
    const complain = start.of_all === undefined ? now.complain : tied;
    return start.revenue * now.negative * (complain * lost + (1 - complain) * now.silent_lost);
  },
  // Years until a plan's cost is back; what it keeps goes with the loss. null: never.
  payback(plan, now, lost) {
    const kept = plan.kept * now.effect * lost, runs = (plan.cost - plan.to_start) / plan.term;
    const early = kept - runs * now.dearer, late = kept - plan.running * now.dearer;
    if (early > 0 && plan.to_start * now.dearer <= (plan.term + 1e-9) * early)
      return plan.to_start * now.dearer / early;
    return late > 0 ? (plan.cost - plan.running * plan.term) * now.dearer / late : null;
  },
  // The shares that were moved, as a scenario of client.yml's keys.
  scenario(start, now, moved) {
    const write = x => String(+x.toFixed(4)), lines = [];
    if (moved.negative) lines.push(`churn_cost.negative: {share: ${write(now.negative)}, from: assumption}`);
    if (moved.complain) lines.push(`churn_cost.complain: {share: ${write(now.complain)}, from: assumption}`);
    if (moved.complained_retained) {
      const unhappy = 1 - start.complained_retained;
      const lost = unhappy === 0 ? 0 : start.complained_lost * (1 - now.complained_retained) / unhappy;
      const risk = write(1 - write(now.complained_retained) - write(lost));
      lines.push(`churn_cost.complained: {retained: ${write(now.complained_retained)}, at_risk: ${risk}, lost: ${write(lost)}, from: assumption}`);
    }
    if (moved.silent_lost)
      lines.push(`churn_cost.silent: {at_risk: ${write(1 - write(now.silent_lost))}, lost: ${write(now.silent_lost)}, from: assumption}`);
    return "settings:\n" + lines.map(line => `  ${line}\n`).join("");
  },
  // Importance × satisfaction, as published, and importance × what the experience was raised by.
  gap(row, experience) {
    return row.weighted_satisfaction + row.importance * (experience - row.experience);
  },
};

document.querySelectorAll(".whatif").forEach(box => {
  const data = JSON.parse(box.querySelector("script").textContent);
  const inputs = [...box.querySelectorAll("input")];
  const first = new Map(inputs.map(input => [input, input.value]));
  const number = (digits, style) => new Intl.NumberFormat(data.lang,
    {style, minimumFractionDigits: digits, maximumFractionDigits: digits});
  const share = number(1, "percent"), percent = number(0, "percent"), score = number(1);
  const whole = new Intl.NumberFormat(data.lang, {maximumSignificantDigits: data.figures});
  const minus = text => text.replace("-", "−");
  const money = amount => minus(data.money.replace("{amount}", whole.format(amount)));
  // A slider snaps to its steps; until it is moved, the exact number counts.
  const value = input => input.value === first.get(input) ? Number(input.dataset.exact) : Number(input.value);
  // Nor is what the page tells written anew before something is moved.
  const told = new Map([...box.querySelectorAll("output")].map(output => [output, output.textContent]));
  const still = () => inputs.every(input => input.value === first.get(input));
  const say = (name, amount, text) => {
    const output = box.querySelector(`output[data-name="${name}"]`);
    if (output) { output.dataset.value = amount; output.textContent = still() ? told.get(output) : text; }
  };

  const churn = () => {
    const now = Object.fromEntries(inputs.map(input => [input.name, value(input)]));
    const lost = whatIf.churn(data.start, now), stated = whatIf.churn(data.start, data.start);
    say("lost", lost.toFixed(2), money(lost));
    say("change", (lost - stated).toFixed(2), (lost > stated ? "+" : "") + money(lost - stated));
    inputs.forEach(input => say(input.name, now[input.name],
      (input.name in data.start ? share : percent).format(now[input.name])));
    if (data.plan) {
      const years = whatIf.payback(data.plan, now, lost / stated), words = data.plan.words;
      const late = years !== null && years > data.plan.term + 1e-9;
      const text = years === null ? words.never : late ? words.late : words.within;
      const shown = late ? Math.max(years, data.plan.term + 0.1) : years;  // never "3.0, later than 3"
      say("payback", years === null ? "" : years.toFixed(4), text.replace("{years}", score.format(shown)));
    }
    const moved = Object.fromEntries(inputs.map(input => [input.name, input.value !== first.get(input)]));
    const copy = box.querySelector("[data-mail]"), text = whatIf.scenario(data.start, now, moved);
    if (copy) { copy.dataset.mail = text; copy.disabled = !text.includes("churn_cost"); }
  };

  const gap = () => {
    const weighted = inputs.map((input, i) => whatIf.gap(data.rows[i], value(input)));
    inputs.forEach((input, i) => {
      say(input.name, value(input), score.format(value(input)));
      say(`${input.name}-weighted`, weighted[i].toFixed(2), minus(score.format(weighted[i])));
    });
    const worst = Math.min(...weighted);
    const names = data.rows.filter((row, i) => Math.abs(weighted[i] - worst) < 1e-9).map(row => row.name);
    say("key", worst, worst < 0 ? names.join(data.comma) : data.none);
  };

  const redraw = data.kind === "churn" ? churn : gap;
  box.addEventListener("input", () => {
    redraw();
    inputs.forEach(input => input.setAttribute("aria-valuetext", box.querySelector(`output[data-name="${input.name}"]`).textContent));
  });
  box.querySelector("button").addEventListener("click", () => {
    inputs.forEach(input => { input.value = first.get(input); });
    redraw();
  });
  redraw();
});
