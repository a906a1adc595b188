"""The page: figures, tables, sentences, languages, the report's template.

    page = open_page(case, reports_dir)
    page.table(table, columns, caption)      columns: a list, or {column: heading}
    page.figure(name, *tables, **options)    drawn for a desk and for a phone, with its words
    page.headline(name, *tables)             a computed sentence; page.sentence(...) returns it
    page.evidence(table)                     base, interval and source in one small line
    page.note(sentence, **values)            a remark
    page.screen(verdict, leading_findings(…))    the report's first screen, and results/verdict.json
    page.finding(leading_findings(…), 0)     what follows it, one by one
    page.whatif_churn(table), whatif_gap(gaps)          sliders that work in the report itself
    cx.explore(page, "ideal"), cx.compare_scenarios(page)   in JupyterLab: see lab/boards.py
    page.cautions(), page.method()           what to keep in mind, and how it was done
    page.wishes(unlocks)                     what more would tell us, three things at most
    page.publish(name, table)                results/NAME.csv
    page.save_figure(path, name, *tables)    .svg, .png, or slide=True: 16:9; only when asked for
    page.save_table(path, table), page.save_tables(path)    .xlsx: one table; all that were shown

A table that is None or empty shows nothing. Figures, and the tables they expect (columns as in
the contract; * optional)

    gap_chart, importance_performance_map, satisfaction    gaps (dimension or item grain)
    churn_tree       churn_cost              tornado          churn_tornado
    levers           churn_levers            portfolio        plans.plan
    frontier         roadmap_frontier        performance      growth_in_proportion
    brand_values     reason, mentions or share                bars   any; value=, label=, highlight=1
    kano_plane, must_haves   kano_table      drivers          driver_table, gaps*
    together         driver_correlations
    segments         compare_groups          touchpoint_map   stage, channel, n, a score, cases*; value=
    waves            wave or period, a mean with its ends, limits*, signal*, event*; unit=, write=
    control_chart    xmr_chart or p_chart, as waves
    lorenz, value_tiers, survival, loyalty_matrix, promoters, service_level_curve, service_types

A figure of a row per thing (figures/rows.py, money.py, gap.py) chooses and names its rows, and asks
figures/row_chart.py to draw them.

Headlines, and the tables they expect (None where the client supplied none)

    brief            none: reads the case
    brand_value      reasons                      target_customers   target_customers
    experience, key_experience, gap, spending     gaps (spending: where_to_spend); segment=""
    weighing                                      gaps
    cost_views       churn_cost                   frontier        plan_frontier: what they count
    segments         compare_groups               drivers         driver_table, gaps*
    requirements     kano*, register*             register        register
    strategy         plan, plan_worth*                feedback        growth_in_proportion
    waves            waves                        next_cycle      gaps, growth*
    churn_cost       churn_cost                   tornado         churn_tornado
    levers           churn_levers                 evidence        any table with n, from, X_low
    since            moved                        foreseen        came_true
    loss_foreseen    loss_foreseen
They stand in sentences_brief.py (steps 0, 1), _gap (2, 4), _key (3), _requirements (5), _strategy
(6), _feedback (7), _churn (8); more in _survey, _customers and _service; the report's first screen
is that of verdict.py; what all of them are made of, names, intervals and bases too, in
sentences.py; their words in words/sentences.toml.

A sentence that can only say what is missing is a `sentences.Nothing`: shown to the consultant,
left out of the report, as is a heading with nothing under it. So is a `page.aside`, a remark on how
it was reckoned.
"""

from importlib import import_module

ROOMS = {"Page": "page", "open_page": "page", "index_page": "render", "render_notebook": "render"}


def __getattr__(name):
    """Loaded when first asked for: `cx check`, which says what language there is, draws nothing."""
    if name in ROOMS:
        return getattr(import_module(f"cxlib.page.{ROOMS[name]}"), name)
    raise AttributeError(f"cxlib.page has no {name!r}; it has {', '.join(ROOMS)}")
