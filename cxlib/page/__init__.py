"""The page: figures, tables, sentences, languages, the report's template.

    page = open_page(case, reports_dir)
    page.table(table, columns, caption)      columns: a list, or {column: heading}
    page.figure(name, *tables, **options)    drawn for a desk and for a phone, with its words
    page.headline(name, *tables)             a computed sentence; page.sentence(...) returns it
    page.evidence(table)                     base, interval and source in one small line
    page.note(sentence, **values)            a remark
    page.publish(name, table)                results/NAME.csv

Figures, and the tables they expect (columns as in the contract; * optional)

    gap_chart                    gap_intervals' rows (dimension or item grain); segment=""
    importance_performance_map   the same; segment=""
    churn_tree                   churn_cost's or churn_tree's rows
    tornado                      churn_tornado's rows
    levers                       churn_levers' rows
    bars                         any table; value="column", label="column", highlight=1
    brand_values                 reason with mentions or share

Headlines, and the tables they expect (None where the client supplied none)

    brief            none: reads the case         brand_value   reasons
    experience       gaps                         key_experience gaps
    gap              gaps                         requirements  kano*, register*
    strategy         portfolio*                   feedback      growth in proportion*
    churn_cost       churn_cost*                  levers        churn_levers*
    business_case    gaps*, churn_cost*, portfolio*
    evidence         any table with n, from, X_low
"""

from cxlib.page.page import Page, open_page
from cxlib.page.render import index_page, render_notebook

__all__ = ["Page", "index_page", "open_page", "render_notebook"]
