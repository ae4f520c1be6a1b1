"""What ``zoho-leads doctor`` looks at, one part of the way of a lead in each file.

Nothing here changes anything.
"""
