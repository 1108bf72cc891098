/// The catalogue and the checks of ISO/IEC 27017 and JIP-ISMS517. Comes with the standard.
enum RulesRoom {}
