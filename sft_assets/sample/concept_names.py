"""Concept ids of the term dictionary for the generator's own line keys.

Written out by hand, not looked up, so that the truth file can catch a wrong dictionary.
"""

ALL_REPORTS = {
    "dividends_declared": "cash_dividends_total",
    "net_profit_parent": "net_profit_attributable_to_parent",
    "deducted_net_profit": "net_profit_deducted",
    "operating_cash_flow": "net_cash_from_operating",
    "investing_cash_flow": "net_cash_from_investing",
    "financing_cash_flow": "net_cash_from_financing",
    "equity_parent": "net_assets_attributable",
    "deducted_eps": "basic_eps_deducted",
    "roe": "roe_weighted",
    "deducted_roe": "roe_weighted_deducted",
    "operating_cost": "cost_of_revenue",
    "financial_expenses": "finance_expenses",
    "top_five_customers_sales": "top5_customers_sales",
    "top_five_customers_share": "top5_customers_share",
    "rd_expensed": "rd_investment_expensed",
    "rd_investment_ratio": "rd_investment_share_of_revenue",
    "rd_staff": "rd_personnel",
    "staff_parent": "employees_parent",
    "staff_subsidiaries": "employees_subsidiaries",
    "staff_total": "employees_total",
    "staff_production": "production_personnel",
    "staff_sales": "sales_personnel",
    "staff_technical": "technical_personnel",
    "cash": "cash_and_bank",
    "trading_assets": "trading_financial_assets",
    "other_equity_instruments": "other_equity_investments",
    "payroll_payable": "employee_benefits_payable",
    "current_part_of_long_term": "non_current_liabilities_due_within_one_year",
    "other_comprehensive_income_balance": "accumulated_other_comprehensive_income",
    "interest_expenses": "interest_expense",
    "credit_impairment": "credit_impairment_loss",
    "asset_impairment": "asset_impairment_loss",
    "disposal_gains": "asset_disposal_gains",
    "total_profit": "profit_before_tax",
    "income_tax": "income_tax_expense",
    "continuing_net_profit": "net_profit_continuing",
    "minority_profit": "net_profit_attributable_to_nci",
    "oci": "other_comprehensive_income",
    "oci_parent": "oci_attributable_to_parent",
    "oci_minority": "oci_attributable_to_nci",
    "comprehensive_income": "total_comprehensive_income",
    "comprehensive_income_parent": "comprehensive_income_attributable_to_parent",
    "comprehensive_income_minority": "comprehensive_income_attributable_to_nci",
    "cash_from_sales": "cash_received_from_sales",
    "tax_refunds": "tax_refunds_received",
    "other_operating_in": "other_operating_cash_received",
    "operating_in": "total_operating_cash_inflow",
    "cash_for_purchases": "cash_paid_for_goods",
    "cash_for_staff": "payments_to_employees",
    "taxes_paid": "payments_of_taxes",
    "other_operating_out": "other_operating_cash_paid",
    "operating_out": "total_operating_cash_outflow",
    "investments_recovered": "cash_received_from_investments",
    "investment_income_received": "cash_received_from_investment_income",
    "disposal_proceeds": "proceeds_from_disposal_of_fixed_assets",
    "investing_in": "total_investing_cash_inflow",
    "investments_made": "cash_paid_for_investments",
    "investing_out": "total_investing_cash_outflow",
    "borrowings_received": "cash_received_from_borrowings",
    "financing_in": "total_financing_cash_inflow",
    "borrowings_repaid": "repayments_of_borrowings",
    "dividends_and_interest_paid": "cash_paid_for_dividends_and_interest",
    "dividends_to_minority": "dividends_paid_to_nci",
    "other_financing_out": "other_financing_cash_paid",
    "financing_out": "total_financing_cash_outflow",
    "exchange_effect": "exchange_effect_on_cash",
    "net_cash_increase": "net_increase_in_cash",
    "opening_cash_equivalents": "cash_and_equivalents_beginning",
    "closing_cash_equivalents": "cash_and_equivalents_ending",
}

AMERICAN = {
    "revenue": "total_revenue",
    "gross_profit": "gross_margin",
    "cash": "cash_and_cash_equivalents",
    "fixed_assets": "property_plant_equipment",
    "contract_liabilities": "deferred_revenue",
    "current_part_of_long_term": "current_portion_of_long_term_debt",
    "long_term_borrowings": "long_term_debt",
    "lease_liabilities": "non_current_lease_liabilities",
    "capital_reserve": "common_stock_and_paid_in_capital",
    "total_equity": "shareholders_equity",
    "other_income_net": "other_income_expense_net",
    "oci_translation": "exchange_differences_on_translation",
    "depreciation": "depreciation_and_amortization",
    "stock_compensation": "stock_based_compensation",
    "change_receivables": "decrease_in_receivables",
    "change_inventories": "decrease_in_inventories",
    "change_payables": "increase_in_payables",
    "change_unearned": "increase_in_unearned_revenue",
    "change_other": "change_in_other_assets_and_liabilities",
    "debt_repaid": "repayments_of_debt",
    "debt_issued": "proceeds_from_issuance_of_debt",
    "stock_repurchased": "share_repurchases",
    "investments_bought": "cash_paid_for_investments",
}  # where the American line is another concept than the Chinese line of the same key


def concept_name(key: str, *, american: bool) -> str:
    """Concept id of a line key; a growth or change keeps its ending.

    >>> concept_name("roe_change", american=False)
    'roe_weighted_change'
    """
    base, ending = key, ""
    for word in ("_growth", "_change"):
        if key.endswith(word):
            base, ending = key.removesuffix(word), word
    names = ALL_REPORTS | AMERICAN if american else ALL_REPORTS
    return names.get(base, base) + ending
