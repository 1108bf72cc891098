/// The scripts that bring completion into a shell. They know nothing of the commands: they ask the program.
enum CompletionScript: String, CaseIterable {
    case bash, zsh, fish

    var text: String {
        switch self {
        case .bash: Self.bashText
        case .zsh: Self.zshText
        case .fish: Self.fishText
        }
    }

    // bash divides words at = and : too, so the line is divided here at blanks alone, and what the shell takes for a word of
    // its own is cut off again from the answers.
    private static let bashText = #"""
        # bash completion of buntan
        _buntan() {
            local line word lead answer
            local -a words=() answers=()
            line=${COMP_LINE:0:COMP_POINT}
            read -ra words <<<"$line"
            case $line in
                *[[:space:]]) words+=("") ;;
            esac
            word=${words[${#words[@]} - 1]}
            lead=${word%"${word##*[=:]}"}
            COMPREPLY=()
            mapfile -t answers < <("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null)
            case ${answers[0]-} in
                :files) mapfile -t COMPREPLY < <(compgen -f -- "${word#"$lead"}"); compopt -o filenames; return ;;
                :folders) mapfile -t COMPREPLY < <(compgen -d -- "${word#"$lead"}"); compopt -o filenames; return ;;
            esac
            for answer in "${answers[@]}"; do
                COMPREPLY+=("${answer#"$lead"}")
            done
            case ${answers[0]-} in
                *=) compopt -o nospace ;;
            esac
        }
        complete -F _buntan buntan

        """#

    private static let zshText = #"""
        #compdef buntan
        # zsh completion of buntan
        _buntan() {
            local -a answers
            answers=("${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            case "${answers[1]}" in
                :files) _files ;;
                :folders) _files -/ ;;
                '') return 1 ;;
                *=) compadd -Q -S '' -- "${answers[@]}" ;;
                *) compadd -- "${answers[@]}" ;;
            esac
        }
        if [ "$funcstack[1]" = "_buntan" ]; then
            _buntan "$@"
        else
            compdef _buntan buntan
        fi

        """#

    private static let fishText = #"""
        # fish completion of buntan
        function __buntan_complete
            set -l words (commandline -opc)
            set -l word (commandline -ct)
            set -l answers ($words[1] complete -- $words[2..-1] $word 2>/dev/null)
            switch "$answers[1]"
                case ':files'
                    __fish_complete_path $word
                case ':folders'
                    __fish_complete_directories $word
                case '*'
                    printf '%s\n' $answers
            end
        end
        complete -c buntan -f -a '(__buntan_complete)'

        """#
}
