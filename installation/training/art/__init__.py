"""The art laboratory: networks that say what emotion a picture evokes in those who look at it.

What a picture *evokes*, what it *depicts* and what a visitor *shows* are three things. Here all is about the first.
"""
