import numpy as np
import pandas as pd
import pytest

from cxlib.sums.ownership import cost_of_owning, unspoken_share


def items():
    return pd.DataFrame(
        {
            "item": ["licence", "upgrades", "re-typing", "backups"],
            "money": [800.0, 200, 0, np.nan],
            "hours": [0.0, 10, 30, 10],
            "hassle": [1.0, 4, 5, np.nan],
            "mentions": [5, np.nan, 0, np.nan],
        }
    )


def test_shares_and_burden_by_hand():
    found = cost_of_owning(items(), named=["Upgrades"]).set_index("item")
    assert found.index.tolist() == ["re-typing", "licence", "upgrades", "backups"]
    assert found.loc["re-typing", "burden"] == pytest.approx((0 + 0.6 + 0.5) / 3)
    assert found.loc["backups", "burden"] == pytest.approx(0.2)  # of hours alone: blank is not zero
    assert found["unspoken"].to_dict() == {
        "re-typing": True, "upgrades": False, "licence": False, "backups": True,
    }  # fmt: skip
    hidden = unspoken_share(found.reset_index()).iloc[0]
    assert hidden["unspoken"] == 2 and hidden["hours_share"] == pytest.approx(0.8)
